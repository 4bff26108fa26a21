using System.Buffers;
using MessagePack;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class WireRuleTests
{
    private static readonly StateMachineDefinition Definition = StateMachineDefinition.Of<Bank>();
    private readonly LocalChannel<Bank> _channel = new();

    [Fact]
    public void Missing_trailing_arguments_take_their_defaults()
    {
        _channel.Apply(Wire.Call("Open", 1, (ref MessagePackWriter writer) => writer.Write("ada")));

        Assert.Equal(0, _channel.Machine.Balance("ada"));
    }

    [Fact]
    public void A_missing_argument_without_default_is_refused()
    {
        byte[] call = Wire.Call("Transfer", 2, (ref MessagePackWriter writer) =>
        {
            writer.Write("ada");
            writer.Write("bob");
        });

        Refuses(call, "The command 'Transfer' needs 3 arguments and was sent 2.");
    }

    [Fact]
    public void Surplus_arguments_of_a_command_are_refused()
    {
        byte[] call = Wire.Call("Close", 2, (ref MessagePackWriter writer) =>
        {
            writer.Write("ada");
            writer.Write(1);
        });

        Refuses(call, "The command 'Close' takes 1 arguments and was sent 2.");
        Assert.Throws<InvalidCommandException>(() => _channel.Apply(call));
    }

    [Fact]
    public void Surplus_arguments_of_a_query_are_skipped_however_deeply_they_are_nested()
    {
        byte[] deep = [.. Wire.Call("Total", 1), .. Enumerable.Repeat((byte)0x91, 1_000_000), 0xC0];

        Assert.Equal([0], _channel.Query(deep));
    }

    [Fact]
    public void Nil_is_refused_where_the_parameter_is_not_nullable()
    {
        byte[] call = Wire.Call("Close", 1, (ref MessagePackWriter writer) => writer.WriteNil());

        Refuses(call, "Argument 'owner' of the command 'Close' can't be decoded: nil stands where a String is required");
    }

    [Fact]
    public void A_value_of_another_type_is_refused_by_the_name_of_its_argument()
    {
        byte[] call = Wire.Call("Transfer", 3, (ref MessagePackWriter writer) =>
        {
            writer.Write("ada");
            writer.Write("bob");
            writer.Write("much");
        });

        var error = Assert.Throws<InvalidCommandException>(() => Definition.ValidateCommand(new ReadOnlySequence<byte>(call)));
        Assert.StartsWith("Argument 'amount' of the command 'Transfer' can't be decoded: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_ids_are_refused_as_such()
    {
        byte[] call = Wire.Call(12345u);

        var error = Assert.Throws<UnknownCommandException>(() => Definition.ValidateCommand(new ReadOnlySequence<byte>(call)));
        Assert.Equal("The machine 'bank' has no command with the id 12345.", error.Message);
        Assert.Throws<UnknownCommandException>(() => _channel.Apply(call));
        Assert.Throws<UnknownCommandException>(() => _channel.Query(call));
    }

    [Fact]
    public void A_query_is_not_a_command_nor_a_command_a_query()
    {
        Assert.Throws<UnknownCommandException>(() => _channel.Apply(Wire.Call("Total")));
        Assert.Throws<UnknownCommandException>(() => _channel.Query(Wire.Call("Close", 1, (ref MessagePackWriter writer) => writer.Write("ada"))));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x90 })]
    [InlineData(new byte[] { 0xC0 })]
    [InlineData(new byte[] { 0x91, 0xC0 })]
    [InlineData(new byte[] { 0xDD, 0xFF, 0xFF, 0xFF, 0xFF })]
    public void What_is_not_a_call_is_refused(byte[] bytes) =>
        Assert.Throws<InvalidCommandException>(() => Definition.ValidateCommand(new ReadOnlySequence<byte>(bytes)));

    [Fact]
    public void Bytes_behind_a_command_are_refused()
    {
        byte[] call = [.. Wire.Call("Close", 1, (ref MessagePackWriter writer) => writer.Write("ada")), 0xC0];

        Refuses(call, "1 bytes follow the command.");
    }

    [Fact]
    public void A_count_that_the_bytes_do_not_bear_out_is_refused_without_making_room_for_it()
    {
        byte[] call = Wire.Call("EchoNode", 1, (ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(3);
            writer.Write("root");
            writer.WriteArrayHeader(int.MaxValue);
        });
        var everything = new LocalChannel<Everything>();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidCommandException>(() => everything.Query(call));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void A_recursive_value_that_is_nested_too_deeply_is_refused()
    {
        byte[] call = [.. Wire.Call("EchoNode", 1), .. Enumerable.Repeat(new byte[] { 0x92, 0xA0, 0x91 }, 100_000).SelectMany(static level => level)];

        var error = Assert.Throws<InvalidCommandException>(() => new LocalChannel<Everything>().Query(call));
        Assert.Contains("nested more than 500 deep", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_a_newer_version_added_are_refused_in_a_command_and_skipped_in_a_query()
    {
        static void Point(ref MessagePackWriter writer)
        {
            writer.WriteMapHeader(1);
            writer.Write("a");
            writer.WriteArrayHeader(1);
            writer.WriteArrayHeader(3);
            writer.Write(1);
            writer.Write(2);
            writer.Write(3);
        }

        var everything = new LocalChannel<Everything>();
        everything.Query(Wire.Call("EchoInterfaces", 1, Point));
        var place = new LocalChannel<Places>();
        Assert.Throws<InvalidCommandException>(() => place.Apply(Wire.Call("Put", 1, Point)));
    }

    [Fact]
    public void Applying_a_command_allocates_nothing_of_its_own()
    {
        var places = new Places();
        IStateMachine machine = places;
        byte[] call = Wire.Call("Move", 2, (ref MessagePackWriter writer) =>
        {
            writer.Write(3);
            writer.Write(-4L);
        });
        var context = new CommandContext();
        var bytes = new ArrayBufferWriter<byte>(1 << 16);
        Apply();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Apply();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3003, places.Total());

        void Apply()
        {
            var reader = new MessagePackReader(call);
            var writer = new MessagePackWriter(bytes);
            machine.Apply(ref reader, context, ref writer);
            writer.Flush();
        }
    }

    private static void Refuses(byte[] call, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidCommandException>(() => Definition.ValidateCommand(new ReadOnlySequence<byte>(call))).Message);
}
