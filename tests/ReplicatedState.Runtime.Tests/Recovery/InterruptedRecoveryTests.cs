using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Formation;
using ReplicatedState.Runtime.Recovery;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup.Commands;
using ReplicatedState.Runtime.Wire;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Recovery;

/// <summary>A recovery of a node whose groups are in every state that a group can be left in, with the power cut at each of its operations on the disk.</summary>
public sealed class InterruptedRecoveryTests
{
    private const ulong Term = 5;
    private static readonly Guid Cluster = new("6f9619ff-8b86-d011-b42d-00cf4fc964ff");
    private static readonly RaftId Self = new(2);
    private static readonly GroupId Joint = new(1);
    private static readonly GroupId Empty = new(2);
    private static readonly GroupId Left = new(3);
    private static readonly Configuration InTransition = new([new RaftId(2), new RaftId(3)], [new RaftId(1), new RaftId(3)], [new RaftId(4)]);
    private static readonly Configuration WithoutSelf = new([new RaftId(1), new RaftId(3)], [], [Self]);

    [Fact]
    public void A_power_cut_at_any_operation_leaves_the_old_or_the_new_or_what_the_next_attempt_finishes()
    {
        SimulatedDisk original = MakeDisk();
        SimulatedDisk whole = original.Copy(0);
        Recover(whole);
        long operations = whole.Operations;
        AssertRecovered(whole);
        int old = 0, unfinished = 0, finished = 0;
        for (long cutAt = 1; cutAt <= operations; cutAt++)
        {
            for (ulong chance = 0; chance < 4; chance++)
            {
                SimulatedDisk disk = original.Copy(((ulong)cutAt * 31) + chance);
                disk.CutPowerAt = cutAt;
                Assert.ThrowsAny<Exception>(() => Recover(disk));
                Assert.True(disk.IsOff);
                disk.PowerOn();
                if (IsUnfinished(disk))
                    unfinished++;
                else if (EpochOf(disk) == 0)
                    AssertUntouched(disk, ref old);
                else
                    finished++;
                if (EpochOf(disk) == 0 || IsUnfinished(disk))
                    Recover(disk);
                AssertRecovered(disk);
            }
        }

        Assert.True(old > 0 && unfinished > 0, $"{operations} operations: {old} cuts left it as it was, {unfinished} unfinished, {finished} finished");
    }

    [Fact]
    public void A_group_that_would_begin_empty_is_named_and_needs_consent()
    {
        SimulatedDisk disk = MakeDisk();
        using ForcedRecovery recovery = Open(disk);
        Assert.Contains("'empty'", Assert.Throws<StorageFailedException>(() => recovery.Carry()).Message, StringComparison.Ordinal);
        Assert.False(IsMarked(disk));
    }

    [Fact]
    public void What_is_kept_and_what_is_uncertain_is_said_group_by_group()
    {
        using ForcedRecovery recovery = Open(MakeDisk());
        GroupRecovery joint = recovery.Plan.Groups.Single(group => group.Group == Joint);
        Assert.Equal((8UL, 3UL, Term, new LogPosition(8, 4), 5UL, 0UL), (joint.Last.Index, joint.Commit, joint.Term, joint.Last, joint.Uncertain, joint.Snapshot));
        Assert.True(joint.Configuration.IsJoint);
        Assert.True(recovery.Plan.Groups.Single(group => group.Group == Empty).IsEmpty);
        Assert.Equal(["n1", "n3", "n4"], recovery.Plan.Left);
    }

    private static void AssertUntouched(SimulatedDisk disk, ref int old)
    {
        old++;
        using JournalLogStore store = OpenStore(disk, "/data/raft");
        Assert.Equal(8UL, store.Load(Joint).LastIndex);
        Assert.Equal(0UL, store.Load(Empty).LastIndex);
        Assert.Equal(Term, store.Load(GroupId.System).HardState.Term);
    }

    private static void AssertRecovered(SimulatedDisk disk)
    {
        Assert.Equal(1u, EpochOf(disk));
        Assert.False(IsMarked(disk));
        using ForcedRecovery after = Open(disk);
        Assert.Equal([], after.Plan.Left);
        Assert.Equal(1u, after.Plan.Epoch);
        Assert.All(after.Plan.Groups, group => Assert.Equal([Self], group.Configuration.Members().ToArray()));
        Assert.All(after.Plan.Groups, group => Assert.Equal(after.Plan.Groups[0].Configuration.Revision, group.Configuration.Revision));
        Assert.All(after.Plan.Groups, group => Assert.Equal(group.Term, group.Last.Term));
        Assert.All(after.Plan.Groups, group => Assert.True(group.Commit < group.Last.Index));
        Assert.Equal([7UL, 9UL, 2UL, 3UL], after.Plan.Groups.Select(group => group.Last.Index));
    }

    private static SimulatedDisk MakeDisk()
    {
        var disk = new SimulatedDisk(9);
        using DataDirectory directory = DataDirectory.Open(disk, "/data");
        directory.WriteIdentity(new NodeIdentity(Cluster, 0, Self, "n2"));
        using JournalLogStore store = OpenStore(disk, directory.LogPath);
        Greeting[] nodes = [.. Enumerable.Range(1, 4).Select(number => new Greeting(null, 0, new RaftId((ulong)number), "", $"n{number}", $"n{number}:1", "", 1, 1, [], []))];
        var genesis = new GroupGenesis(7, 1, SessionLimits.Default);
        Entry[] system =
        [
            .. Founding.FirstEntries(Cluster, "label", nodes),
            Command(3, 1, Founding.Encode(new CreateGroup("joint", "m", genesis))),
            Command(4, 1, Founding.Encode(new CreateGroup("empty", "m", genesis))),
            Command(5, 5, Founding.Encode(new CreateGroup("left", "m", genesis))),
        ];
        Write(store, GroupId.System, 2, system);
        Write(
            store, Joint, 3,
            [Config(1, 1, Configuration.Of([new RaftId(1), Self, new RaftId(3)])), .. Enumerable.Range(2, 6).Select(index => Command((ulong)index, 3, [1, 2, 3])), Config(8, 4, InTransition)]);
        Write(store, Left, 2, [Config(1, 1, Configuration.Of([new RaftId(1), Self, new RaftId(3)])), Config(2, 5, WithoutSelf)]);
        store.Sync();
        return disk;
    }

    private static void Write(JournalLogStore store, GroupId group, ulong commit, Entry[] entries) =>
        store.Write(group, Persist.OfFirstEntries(new HardState(Term, new RaftId(3), commit), entries, replaceFrom: null));

    private static Entry Command(ulong index, ulong term, byte[] payload) => new(index, term, EntryKind.Command, 1000, Payload.Of(payload));

    private static Entry Config(ulong index, ulong term, Configuration configuration) => new(index, term, EntryKind.Config, 1000, Payload.Of(ConfigurationCodec.Encode(configuration)));

    private static ForcedRecovery Open(SimulatedDisk disk) => ForcedRecovery.Open(disk, "/data", directory => OpenStore(disk, directory.LogPath));

    private static void Recover(SimulatedDisk disk)
    {
        using ForcedRecovery recovery = Open(disk);
        recovery.Carry(acceptEmptyGroups: true);
    }

    private static JournalLogStore OpenStore(SimulatedDisk disk, string path) => JournalLogStore.Open(disk, path, new JournalLogStoreOptions { SegmentBytes = 64 * 1024, ZeroFillBytes = 4096 });

    private static bool IsMarked(SimulatedDisk disk) => disk.FileExists("/data/recovery");

    private static uint EpochOf(SimulatedDisk disk)
    {
        using DataDirectory directory = DataDirectory.Open(disk, "/data");
        return directory.ReadIdentity()!.Epoch;
    }

    /// <summary>What a start of the node would say.</summary>
    private static bool IsUnfinished(SimulatedDisk disk)
    {
        using DataDirectory directory = DataDirectory.Open(disk, "/data");
        try
        {
            RecoveryMarkerFile.RefuseUnfinished(directory);
            return false;
        }
        catch (StorageFailedException)
        {
            return true;
        }
    }
}
