using System.Buffers;
using CsCheck;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Golden;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class SnapshotTests
{
    private const string GoldenName = "snapshot/group.hex";
    private readonly Replica _replica = new();

    [Fact]
    public void A_retry_after_a_restore_in_the_middle_of_the_window_executes_nothing()
    {
        ulong session = _replica.OpenSession();
        for (ulong sequence = 1; sequence <= 20; sequence += 2)
            _replica.Call(session, sequence, Tally.Add("a", 1));
        Replica restored = _replica.Restored();

        for (ulong sequence = 1; sequence <= 20; sequence++)
            Assert.Equal(sequence % 2 == 1 ? (long)((sequence + 1) / 2) : 10 + ((long)sequence / 2), restored.Call(session, sequence, Tally.Add("a", 1)).Number);
        Assert.Equal(10, restored.Tally.Executions);
        Assert.Equal(20, restored.Total("a"));
    }

    [Fact]
    public void A_restored_replica_is_the_same_in_every_hash_and_byte()
    {
        Populate(_replica);
        Replica restored = _replica.Restored();

        Assert.Equal(_replica.Snapshot(), restored.Snapshot());
        Assert.Equal(_replica.Machine.ApplyHash, restored.Machine.ApplyHash);
        Assert.Equal(_replica.Machine.ComputeStateHash(), restored.Machine.ComputeStateHash());
        Assert.Equal(_replica.Machine.AppliedIndex, restored.Machine.AppliedIndex);
        Assert.Equal(_replica.Machine.AppliedTerm, restored.Machine.AppliedTerm);
        Assert.Equal(_replica.Machine.LogTimeMs, restored.Machine.LogTimeMs);
    }

    [Fact]
    public void A_snapshot_of_the_first_format_is_read_and_written_byte_for_byte()
    {
        Populate(_replica);
        GoldenFiles.AssertStillWritten(GoldenName, _replica.Snapshot());
        var restored = new Replica();
        restored.Machine.ReadSnapshot(new ReadOnlySequence<byte>(GoldenFiles.Read(GoldenName)));
        Assert.Equal(_replica.Machine.ComputeStateHash(), restored.Machine.ComputeStateHash());
    }

    [Fact]
    public void A_replay_over_the_snapshots_index_applies_nothing_twice()
    {
        _replica.CallOnce(Tally.Add("a", 1));
        _replica.CallOnce(Tally.Add("a", 1));
        Replica restored = _replica.Restored();
        Assert.Throws<InvariantViolationException>(() => restored.Apply(_replica.Log[1]));
        Assert.Equal(2, restored.Total("a"));
    }

    [Fact]
    public void A_snapshot_carries_the_limits_that_the_group_was_born_with()
    {
        var strict = new Replica(new SessionLimits { WindowMax = 2 });
        ulong session = strict.OpenSession();
        _replica.Machine.ReadSnapshot(new ReadOnlySequence<byte>(strict.Snapshot()));
        Assert.Equal(ReplyStatus.WindowExceeded, _replica.Call(session, 3, Tally.Add("a", 1)).Status);
    }

    [Fact]
    public void A_snapshot_in_many_segments_reads_like_one_in_a_single_piece()
    {
        Populate(_replica);
        var restored = new Replica();
        restored.Machine.ReadSnapshot(Segments.Of(_replica.Snapshot(), sizeOfEach: 7));
        Assert.Equal(_replica.Machine.ComputeStateHash(), restored.Machine.ComputeStateHash());
    }

    [Fact]
    public void A_cut_off_snapshot_is_refused_at_every_length_and_replaces_nothing()
    {
        Populate(_replica);
        byte[] snapshot = _replica.Snapshot();
        var target = new Replica();
        target.CallOnce(Tally.Add("kept", 1));
        UInt128 before = target.Machine.ComputeStateHash();

        for (int length = 0; length < snapshot.Length; length++)
            Assert.Throws<InvalidSnapshotException>(() => target.Machine.ReadSnapshot(new ReadOnlySequence<byte>(snapshot, 0, length)));
        Assert.Throws<InvalidSnapshotException>(() => target.Machine.ReadSnapshot(new ReadOnlySequence<byte>([.. snapshot, 0])));

        Assert.Equal(before, target.Machine.ComputeStateHash());
        Assert.Equal(2, target.CallOnce(Tally.Add("kept", 1))!.Number);
    }

    [Fact]
    public void A_snapshot_with_any_byte_changed_is_read_or_refused_with_a_type()
    {
        Populate(_replica);
        byte[] snapshot = _replica.Snapshot();
        Gen.Select(Gen.Int[0, snapshot.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] damaged = [.. snapshot];
            damaged[at] = value;
            try
            {
                new Replica().Machine.ReadSnapshot(new ReadOnlySequence<byte>(damaged));
            }
            catch (InvalidSnapshotException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        });
    }

    [Fact]
    public void A_snapshot_of_another_machine_is_refused_by_name()
    {
        string message = RefusalBy<OtherTally>();
        Assert.Contains("'tally'", message, StringComparison.Ordinal);
        Assert.Contains("'other'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_is_refused_by_a_binary_in_which_a_commands_id_means_another_command()
    {
        string message = RefusalBy<RenamedTally>();
        Assert.Contains("'Add'", message, StringComparison.Ordinal);
        Assert.Contains("'Subtract'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_binary_that_lacks_the_snapshots_version_stands_at_its_index_and_halts_until_a_newer_one_reads_the_same_file()
    {
        Populate(_replica);
        var payload = new byte[VersionPayload.Size(2)];
        VersionPayload.Write(payload, 2);
        _replica.Apply(EntryKind.Version, payload);
        byte[] snapshot = _replica.Snapshot();

        var old = new Replica(definition: StateMachineDefinition.Of<OldTally>());
        old.Machine.ReadSnapshot(new ReadOnlySequence<byte>(snapshot));
        Assert.Equal(_replica.Machine.AppliedIndex, old.Machine.AppliedIndex);
        Assert.Contains("version 2", Assert.Single(old.Halts), StringComparison.Ordinal);
        Assert.Null(old.CallOnce(Tally.Add("a", 1)));

        var repaired = new Replica();
        repaired.Machine.ReadSnapshot(new ReadOnlySequence<byte>(snapshot));
        Assert.Equal(_replica.Machine.ComputeStateHash(), repaired.Machine.ComputeStateHash());
    }

    private string RefusalBy<TMachine>()
        where TMachine : class, IReplicatedStateMachine<TMachine>
    {
        Populate(_replica);
        var target = new Replica(definition: StateMachineDefinition.Of<TMachine>());
        return Assert.Throws<InvalidSnapshotException>(() => target.Machine.ReadSnapshot(new ReadOnlySequence<byte>(_replica.Snapshot()))).Message;
    }

    private static void Populate(Replica replica)
    {
        replica.Apply(EntryKind.NoOp);
        ulong first = replica.OpenSession();
        ulong second = replica.OpenSession();
        replica.Call(first, 1, Tally.Add("a", 5));
        replica.NowMs += 5;
        replica.Call(second, 3, Tally.Reject("code", "message"));
        replica.Call(second, 7, Tally.Throw("value"), acknowledgedUpTo: 1);
        replica.Call(first, 2, Tally.Fill(70_000));
        replica.Call(first, 300, Tally.Fill(100));
        replica.CallKeyed("key-1"u8, Tally.Add("b", 7));
        replica.CallKeyed("key-2"u8, Tally.Fill(70_000));
    }

    private abstract class TallyVariant : IStateMachine
    {
        private readonly Tally _tally = new();

        public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply) => _tally.Apply(ref command, context, ref reply);

        public void Query(ref MessagePackReader query, ref MessagePackWriter reply) => _tally.Query(ref query, ref reply);

        public void WriteSnapshot(ref MessagePackWriter writer, int version) => _tally.WriteSnapshot(ref writer, version);

        public void ReadSnapshot(ref MessagePackReader reader, int version) => _tally.ReadSnapshot(ref reader, version);

        public UInt128 ComputeStateHash(int version) => _tally.ComputeStateHash(version);
    }

    private sealed class OtherTally : TallyVariant, IReplicatedStateMachine<OtherTally>
    {
        public static StateMachineManifest Manifest { get; } = Tally.ManifestOf(2) with { Name = "other" };

        public static Type ClientType => typeof(IStateMachineChannel);

        public static OtherTally Create() => new();

        public static object CreateClient(IStateMachineChannel channel) => channel;

        public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }
    }

    private sealed class RenamedTally : TallyVariant, IReplicatedStateMachine<RenamedTally>
    {
        public static StateMachineManifest Manifest { get; } = Tally.ManifestOf(2) with { Commands = [new ManifestMember(1, "Subtract", 1, "")] };

        public static Type ClientType => typeof(IStateMachineChannel);

        public static RenamedTally Create() => new();

        public static object CreateClient(IStateMachineChannel channel) => channel;

        public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }
    }

    private sealed class OldTally : TallyVariant, IReplicatedStateMachine<OldTally>
    {
        public static StateMachineManifest Manifest { get; } = Tally.ManifestOf(1);

        public static Type ClientType => typeof(IStateMachineChannel);

        public static OldTally Create() => new();

        public static object CreateClient(IStateMachineChannel channel) => channel;

        public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }
    }
}
