using MessagePack;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class UnionAndNameTests
{
    private readonly LocalChannel<Shapes> _channel = new();

    [Fact]
    public async Task A_value_of_a_type_that_is_no_case_is_not_sent()
    {
        var client = new ShapesClient(_channel);
        await client.DrawAsync(new Ring(1));

        var error = await Assert.ThrowsAsync<NotSupportedException>(async () => await client.DrawAsync(new Hole(1)));
        Assert.Equal($"A {typeof(Hole)} stands where a {typeof(Shape)} is encoded, and is none of its [Union] cases.", error.Message);
    }

    [Fact]
    public void A_case_that_this_version_does_not_know_is_refused() => Refuses(
        "Argument 'shape' of the command 'Draw' can't be decoded: Shape has no case with the number 2",
        "Draw",
        static (ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(2);
            writer.Write(2);
            writer.WriteNil();
        });

    [Fact]
    public void Members_come_by_name_in_any_order_and_those_with_a_setter_may_be_lacking()
    {
        Assert.Equal("x 9", Ask(static (ref MessagePackWriter writer) => Write(ref writer, "size", 9, "text", "x")));
        Assert.Equal("x 7", Ask(static (ref MessagePackWriter writer) => Write(ref writer, "text", "x")));
    }

    [Fact]
    public void A_required_member_that_is_lacking_and_one_that_comes_twice_are_refused_by_name()
    {
        Refuses("Argument 'label' of the command 'Name' can't be decoded: Label lacks the member 'text'", "Name", static (ref MessagePackWriter writer) => Write(ref writer, "size", 9));
        Refuses("Argument 'label' of the command 'Name' can't be decoded: Label has the member 'size' twice", "Name", static (ref MessagePackWriter writer) => Write(ref writer, "size", 9, "size", 9));
    }

    [Fact]
    public void A_member_that_a_newer_version_added_is_skipped_in_a_query_and_refused_in_a_command()
    {
        Assert.Equal("x 7", Ask(static (ref MessagePackWriter writer) => Write(ref writer, "text", "x", "colour", "red")));
        Refuses(
            "Argument 'label' of the command 'Name' can't be decoded: Label has the member 'colour', which this version doesn't know",
            "Name",
            static (ref MessagePackWriter writer) => Write(ref writer, "text", "x", "colour", "red"));
    }

    private static void Write(ref MessagePackWriter writer, params object[] pairs)
    {
        writer.WriteMapHeader(pairs.Length / 2);
        foreach (object part in pairs)
        {
            if (part is int number)
                writer.Write(number);
            else
                writer.Write((string)part);
        }
    }

    private string Ask(Wire.Arguments arguments) => MessagePackSerializer.Deserialize<string>(_channel.Query(Wire.Call("Read", 1, arguments)));

    private void Refuses(string message, string command, Wire.Arguments arguments) =>
        Assert.Equal(message, Assert.Throws<InvalidCommandException>(() => _channel.Apply(Wire.Call(command, 1, arguments))).Message);
}
