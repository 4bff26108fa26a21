using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class HaltTests
{
    private readonly Replica _replica = new();

    [Theory]
    [InlineData("memory")]
    [InlineData("io")]
    [InlineData("wrapped-io")]
    [InlineData("aggregate-timeout")]
    [InlineData("canceled")]
    [InlineData("type-load")]
    public void A_failure_that_other_replicas_may_not_have_halts_the_machine(string kind)
    {
        _replica.CallOnce(Tally.Add("a", 1));
        Assert.Null(_replica.CallOnce(Tally.Throw(kind)));
        AssertHalted(atIndex: 2);
    }

    [Fact]
    public void An_unknown_command_found_committed_halts_the_machine()
    {
        _replica.CallOnce(Tally.Add("a", 1));
        Assert.Null(_replica.CallOnce(Tally.Unknown()));
        AssertHalted(atIndex: 2);
        Assert.Contains("99", _replica.Machine.HaltReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_the_machine_calls_invalid_halts_it() => AssertHaltsOn(EntryKind.Command, Replica.Envelope(default, Tally.Throw("invalid-command")));

    [Fact]
    public void Bytes_behind_a_command_halt_the_machine() => AssertHaltsOn(EntryKind.Command, Replica.Envelope(default, [.. Tally.Add("a", 1), 0xC0]));

    [Fact]
    public void A_command_without_an_id_halts_the_machine() => AssertHaltsOn(EntryKind.Command, Replica.Envelope(default, [0x90]));

    [Fact]
    public void A_malformed_envelope_halts_the_machine() => AssertHaltsOn(EntryKind.Command, [0x0F, 1, 2]);

    [Fact]
    public void A_session_entry_with_a_payload_from_the_future_halts_the_machine() => AssertHaltsOn(EntryKind.OpenSession, [1]);

    [Fact]
    public void A_tick_with_a_payload_from_the_future_halts_the_machine() => AssertHaltsOn(EntryKind.Tick, [2]);

    [Fact]
    public void A_damaged_end_of_a_session_halts_the_machine() => AssertHaltsOn(EntryKind.CloseSession, [0x80]);

    [Fact]
    public void A_kind_of_entry_from_the_future_halts_the_machine()
    {
        AssertHaltsOn((EntryKind)200, []);
        Assert.Contains("200", _replica.Machine.HaltReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_the_binary_lacks_halts_the_machine()
    {
        AssertHaltsOn(EntryKind.Version, Version(3));
        Assert.Contains("version 3", _replica.Machine.HaltReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_born_with_a_version_that_the_binary_lacks_never_applies_anything()
    {
        var replica = new Replica(machineVersion: 3);
        Assert.NotNull(replica.Machine.HaltReason);
        Assert.Null(replica.Apply(EntryKind.NoOp));
    }

    [Fact]
    public void A_version_that_the_binary_has_takes_effect_at_its_entry_and_never_goes_back()
    {
        Assert.Equal(1, _replica.Machine.MachineVersion);
        Assert.NotNull(_replica.Apply(EntryKind.Version, Version(2)));
        Assert.NotNull(_replica.Apply(EntryKind.Version, Version(1)));
        Assert.Equal(2, _replica.Machine.MachineVersion);
        Assert.Equal(2, _replica.Restored().Machine.MachineVersion);
    }

    [Fact]
    public void A_halted_machine_answers_no_query_and_saves_no_state()
    {
        _replica.CallOnce(Tally.Throw("io"));
        var body = new ArrayBufferWriter<byte>();
        Assert.Equal(ReplyStatus.MachineHalted, _replica.Machine.Query(new ReadOnlySequence<byte>(Tally.TotalOf("a")), body, out _, out string? message));
        Assert.Equal(_replica.Machine.HaltReason, message);
        Assert.Throws<InvariantViolationException>(() => _replica.Machine.WriteSnapshot(body));
        Assert.Throws<InvariantViolationException>(() => _replica.Machine.ComputeStateHash());
    }

    [Fact]
    public void A_snapshot_of_a_healthy_replica_ends_the_halt()
    {
        var healthy = new Replica();
        healthy.CallOnce(Tally.Add("a", 1));
        healthy.CallOnce(Tally.Add("a", 1));
        _replica.CallOnce(Tally.Throw("io"));

        _replica.Machine.ReadSnapshot(new ReadOnlySequence<byte>(healthy.Snapshot()));
        Assert.Null(_replica.Machine.HaltReason);
        Assert.Equal(3, _replica.CallOnce(Tally.Add("a", 1))!.Number);
    }

    private static byte[] Version(int version)
    {
        var payload = new byte[VersionPayload.Size(version)];
        VersionPayload.Write(payload, version);
        return payload;
    }

    private void AssertHaltsOn(EntryKind kind, byte[] payload)
    {
        _replica.CallOnce(Tally.Add("a", 1));
        Assert.Null(_replica.Apply(kind, payload));
        AssertHalted(atIndex: 2);
    }

    private void AssertHalted(ulong atIndex)
    {
        UInt128 hash = _replica.Machine.ApplyHash;
        Assert.Equal(_replica.Machine.HaltReason, Assert.Single(_replica.Halts));
        Assert.Contains($"before entry {atIndex}", _replica.Machine.HaltReason, StringComparison.Ordinal);
        Assert.Contains("'tally'", _replica.Machine.HaltReason, StringComparison.Ordinal);

        Assert.Null(_replica.CallOnce(Tally.Add("a", 1)));
        Assert.Equal(atIndex - 1, _replica.Machine.AppliedIndex);
        Assert.Equal((int)atIndex - 1, _replica.Answers.Count);
        Assert.Equal(hash, _replica.Machine.ApplyHash);
    }
}
