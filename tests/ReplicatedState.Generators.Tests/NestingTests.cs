using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class NestingTests
{
    [Fact]
    public async Task What_can_be_written_can_be_read()
    {
        var channel = new LocalChannel<Everything>();
        Node deepest = Chain(Serialization.ValueFormat.DepthMax);

        Node back = await new EverythingClient(channel).EchoNodeAsync(deepest);

        Assert.Equal(Serialization.ValueFormat.DepthMax, Length(back));
    }

    [Fact]
    public async Task What_could_not_be_read_again_is_not_written()
    {
        var client = new EverythingClient(new LocalChannel<Everything>());

        var error = await Assert.ThrowsAsync<NotSupportedException>(async () => await client.EchoNodeAsync(Chain(Serialization.ValueFormat.DepthMax + 1)));
        Assert.Equal("Values are nested more than 500 deep, and could not be read again.", error.Message);
    }

    private static Node Chain(int length)
    {
        Node? node = null;
        for (int i = 0; i < length; i++)
            node = new Node($"{i}", [], node);
        return node!;
    }

    private static int Length(Node? node)
    {
        int length = 0;
        for (; node is not null; node = node.Next)
            length++;
        return length;
    }
}
