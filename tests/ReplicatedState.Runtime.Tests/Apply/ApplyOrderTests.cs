using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class ApplyOrderTests
{
    private readonly Replica _replica = new();

    [Fact]
    public void Every_kind_of_entry_is_reported_in_order()
    {
        _replica.Apply(EntryKind.Config, [1, 2, 3]);
        _replica.Apply(EntryKind.NoOp);
        _replica.Apply(EntryKind.Tick);
        _replica.OpenSession();
        _replica.CallOnce(Tally.Add("a", 1));

        Assert.Equal([1UL, 2, 3, 4, 5], _replica.Answers.Select(answer => answer.Index));
        Assert.All(_replica.Answers, answer => Assert.Equal(ReplyStatus.Ok, answer.Status));
        Assert.Equal(5u, _replica.Machine.AppliedIndex);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_entry_that_is_not_the_next_is_never_applied(ulong index)
    {
        _replica.Apply(EntryKind.NoOp);
        Assert.Throws<InvariantViolationException>(() => _replica.Apply(new Entry(index, 1, EntryKind.NoOp, _replica.NowMs, default)));
        Assert.Equal(1u, _replica.Machine.AppliedIndex);
    }

    [Fact]
    public void A_term_that_goes_back_is_never_applied()
    {
        _replica.Term = 5;
        _replica.Apply(EntryKind.NoOp);
        Assert.Throws<InvariantViolationException>(() => _replica.Apply(new Entry(2, 4, EntryKind.NoOp, _replica.NowMs, default)));
    }

    [Fact]
    public void Log_time_that_goes_back_is_never_applied()
    {
        _replica.Apply(EntryKind.NoOp);
        Assert.Throws<InvariantViolationException>(() => _replica.Apply(new Entry(2, 1, EntryKind.NoOp, _replica.NowMs - 1, default)));
    }

    [Fact]
    public void A_command_sees_its_entry_its_caller_and_the_logs_time_and_nothing_of_the_node()
    {
        var other = new Replica();
        _replica.Term = other.Term = 3;
        Answer named = _replica.CallOnce(Tally.Describe(), caller: "alice")!;
        Assert.Equal(named.Body, other.CallOnce(Tally.Describe(), caller: "alice")!.Body);

        var reader = new MessagePack.MessagePackReader(Convert.FromHexString(named.Body));
        Assert.Equal(6, reader.ReadArrayHeader());
        Assert.Equal(1u, reader.ReadUInt64());
        Assert.Equal(3u, reader.ReadUInt64());
        Assert.Equal(_replica.NowMs, reader.ReadInt64());
        Assert.Equal(1, reader.ReadInt32());
        Assert.Equal("alice", reader.ReadString());
    }

    [Fact]
    public void A_command_without_a_caller_is_anonymous()
    {
        string body = _replica.CallOnce(Tally.Describe())!.Body;
        Assert.Contains(Convert.ToHexString("anonymous"u8), body, StringComparison.Ordinal);
    }

    [Fact]
    public void Guids_differ_from_entry_to_entry() =>
        Assert.NotEqual(_replica.CallOnce(Tally.Describe())!.Body[^36..], _replica.CallOnce(Tally.Describe())!.Body[^36..]);
}
