using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Abstractions.Tests.Serialization;

public sealed class ValueFormatTests
{
    [Theory]
    [InlineData(DecodeOrigin.Command, true)]
    [InlineData(DecodeOrigin.Query, true)]
    [InlineData(DecodeOrigin.Reply, false)]
    [InlineData(DecodeOrigin.Snapshot, false)]
    public void Nil_is_refused_from_callers_alone(DecodeOrigin origin, bool isRefused)
    {
        if (isRefused)
            Assert.Throws<MessagePackSerializationException>(() => ValueFormat.Required<string>(null, origin));
        else
            Assert.Null(ValueFormat.Required<string>(null, origin));
    }

    [Theory]
    [InlineData(DecodeOrigin.Command, true)]
    [InlineData(DecodeOrigin.Query, false)]
    [InlineData(DecodeOrigin.Reply, false)]
    [InlineData(DecodeOrigin.Snapshot, true)]
    public void Surplus_members_are_refused_where_skipping_them_would_lose_something(DecodeOrigin origin, bool isRefused)
    {
        bool wasRefused = false;
        var reader = new MessagePackReader(new byte[] { 0x93, 1, 2, 3 });
        int count = ValueFormat.ReadMembersHeader(ref reader, "Point", required: 2);
        reader.ReadInt32();
        reader.ReadInt32();
        try
        {
            ValueFormat.EndMembers(ref reader, "Point", count, known: 2, origin);
            Assert.True(reader.End);
        }
        catch (MessagePackSerializationException)
        {
            wasRefused = true;
        }

        Assert.Equal(isRefused, wasRefused);
    }

    [Fact]
    public void Skipping_passes_over_exactly_one_value()
    {
        byte[] bytes = [0x92, 0x81, 0xA1, (byte)'a', 0x93, 1, 2, 3, 0xC4, 1, 0, 7];
        var reader = new MessagePackReader(bytes);

        ValueFormat.Skip(ref reader);

        Assert.Equal(7, reader.ReadInt32());
    }

    [Fact]
    public void Skipping_does_not_use_the_stack_for_depth()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x91, 1_000_000), 0xC0];
        var reader = new MessagePackReader(bytes);

        ValueFormat.Skip(ref reader);

        Assert.True(reader.End);
    }

    [Fact]
    public void An_instance_of_a_derived_class_is_not_cut_down()
    {
        ValueFormat.RequireExactType(new Base(), typeof(Base));
        Assert.Throws<NotSupportedException>(() => ValueFormat.RequireExactType(new Derived(), typeof(Base)));
    }

    private class Base;

    private sealed class Derived : Base;
}
