using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class SpaceTests
{
    private const long MiB = 1024 * 1024;
    private const string Reserve = "/data/reserve";

    [Fact]
    public void A_node_whose_disk_is_nearly_full_refuses_writes_and_serves_reads_until_there_is_room()
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Nodes[0];
        node.Options = node.Options with { Storage = node.Options.Storage with { LowSpaceBytes = 1000 } };
        (node.Space.Free, node.Space.Total) = (20_000, 20_000);
        node.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        node.Space.Free = 999;
        cluster.RunUntil(() => node.Running!.Status.IsSpaceLow);
        TestCall write = node.Command(Tally.Add("a", 1));
        TestCall read = node.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => write.IsComplete && read.IsComplete);
        Assert.Equal(ReplyStatus.Overloaded, write.Status);
        Assert.Contains("999 bytes are free on the device of /data, less than 1000 (storage.low_space)", write.Message, StringComparison.Ordinal);
        Assert.Equal(write.Message, node.Running!.Status.LowSpace);
        Assert.Equal(ReplyStatus.Ok, read.Status);
        node.Space.Free = 1499;
        cluster.RunFor(3000);
        Assert.True(node.Running!.Status.IsSpaceLow);
        node.Space.Free = 1500;
        cluster.RunUntil(() => !node.Running!.Status.IsSpaceLow);
        TestCall again = node.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => again.IsComplete);
        Assert.Equal(ReplyStatus.Ok, again.Status);
        Assert.Equal(1, node.Log.Count("takes no writes"));
        Assert.Equal(1, node.Log.Count("There is room on the disk again"));
    }

    [Fact]
    public void The_reserve_is_really_written_given_up_when_space_gets_low_and_made_again_when_it_is_back()
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Nodes[0];
        node.Disk.CapacityBytes = 128 * MiB; // the mark is a quarter of it, the reserve an eighth of that
        node.Options = node.Options with { Storage = node.Options.Storage with { ReserveBytes = 64 * MiB } };
        node.Start();
        cluster.RunUntil(() => cluster.IsSettled && LengthOf(node.Disk, Reserve) == 4 * MiB);

        Fill(node.Disk, leaving: (32 * MiB) - 1);
        cluster.RunUntil(() => node.Running!.Status.IsSpaceLow);
        Assert.False(node.Disk.FileExists(Reserve));
        Assert.InRange(node.Disk.FreeBytes("/data"), (36 * MiB) - 4096, 36 * MiB);
        cluster.RunFor(5000);
        Assert.True(node.Running!.Status.IsSpaceLow, "what the reserve gave back alone isn't room");
        Assert.False(node.Disk.FileExists(Reserve));

        node.Disk.Delete("/filler");
        cluster.RunUntil(() => !node.Running!.Status.IsSpaceLow && LengthOf(node.Disk, Reserve) == 4 * MiB);
        cluster.RunFor(5000);
        Assert.False(node.Running!.Status.IsSpaceLow);
    }

    [Fact]
    public void A_node_that_starts_with_a_nearly_full_disk_gives_its_reserve_up()
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Nodes[0];
        node.Disk.CapacityBytes = 128 * MiB;
        node.Options = node.Options with { Storage = node.Options.Storage with { ReserveBytes = 64 * MiB } };
        node.Start();
        cluster.RunUntil(() => cluster.IsSettled && LengthOf(node.Disk, Reserve) == 4 * MiB);
        node.Kill();
        Fill(node.Disk, leaving: 10);
        node.Start();
        cluster.RunUntil(() => node.Running!.Status.IsSpaceLow && !node.Disk.FileExists(Reserve) && cluster.IsSettled);
        TestCall read = node.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => read.IsComplete);
        Assert.Equal(ReplyStatus.Ok, read.Status);
    }

    [Fact]
    public void A_smaller_reserve_in_the_configuration_frees_what_it_no_longer_needs()
    {
        var cluster = new TestCluster(1);
        TestNode node = cluster.Nodes[0];
        node.Disk.CapacityBytes = 128 * MiB;
        foreach (long size in new[] { 3 * MiB, MiB, 0 })
        {
            node.Options = node.Options with { Storage = node.Options.Storage with { ReserveBytes = size } };
            node.Start();
            cluster.RunUntil(() => cluster.IsSettled && LengthOf(node.Disk, Reserve) == size);
            node.Kill();
        }
    }

    [Fact]
    public void A_follower_without_room_takes_no_entries_says_why_and_still_votes()
    {
        TestCluster cluster = FormedWithMark(3);
        TestNode full = cluster.Nodes.First(node => !node.Leads());
        full.Space.Free = 999;
        cluster.RunUntil(() => full.Running!.Status.IsSpaceLow);
        ulong before = full.Group()!.LastIndex;
        TestCall write = cluster.Leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => write.IsComplete && RefusalOf(cluster, full) is not null);
        Assert.Equal(ReplyStatus.Ok, write.Status);
        cluster.RunFor(2000);
        Assert.Equal(before, full.Group()!.LastIndex);
        Assert.Contains($"Node {full.Name} takes no writes", RefusalOf(cluster, full), StringComparison.Ordinal);

        // Without its vote nobody could be elected.
        TestNode old = cluster.Leader;
        old.Kill();
        cluster.RunUntil(() => cluster.HasOneLeader);
        Assert.NotEqual(full, cluster.Leader);
        cluster.RunUntil(() => RefusalOf(cluster, full) is not null);

        full.Space.Free = 20_000;
        cluster.RunUntil(() => RefusalOf(cluster, full) is null && full.Group()!.LastIndex > before);
        old.Start();
        cluster.AssertReplicasBecomeEqual();
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void A_leader_without_room_hands_over_to_a_voter_that_has_room()
    {
        TestCluster cluster = FormedWithMark(3);
        TestNode old = cluster.Leader;
        TestNode[] others = [.. cluster.Nodes.Where(node => node != old)];
        old.Space.Free = 999;
        others[0].Space.Free = 999;
        cluster.RunUntil(() => others[1].Leads());
        old.Space.Free = 20_000;
        cluster.RunUntil(() => cluster.IsSettled && !old.Running!.Status.IsSpaceLow);
        TestCall write = cluster.Leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => write.IsComplete);
        Assert.Equal(ReplyStatus.Ok, write.Status);
    }

    [Fact]
    public void Where_nobody_has_room_leadership_stays_and_queries_are_answered()
    {
        TestCluster cluster = FormedWithMark(3);
        TestNode leader = cluster.Leader;
        foreach (TestNode node in cluster.Nodes)
            node.Space.Free = 999;
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Running!.Status.IsSpaceLow));
        ulong term = leader.Group()!.Term;
        cluster.RunFor(5000);
        Assert.True(leader.Leads());
        Assert.Equal(term, leader.Group()!.Term);
        TestCall read = leader.Query(Tally.TotalOf("a"));
        cluster.RunUntil(() => read.IsComplete);
        Assert.Equal(ReplyStatus.Ok, read.Status);
    }

    [Fact]
    public void A_low_disk_makes_room_by_a_snapshot_where_the_log_is_longer_than_the_state()
    {
        TestCluster cluster = FormedWithMark(1, TestCluster.Raft with { SnapshotThreshold = 0, TrailingLogs = 0 });
        TestNode node = cluster.Leader;
        TestCall[] calls = [.. Enumerable.Range(0, 200).Select(_ => node.Command(Tally.Add("a", 1)))];
        cluster.RunUntil(() => calls.All(call => call.IsComplete));
        Assert.Equal(0UL, node.Group()!.SnapshotIndex);
        node.Space.Free = 999;
        cluster.RunUntil(() => node.Group()!.SnapshotIndex > 200 && node.Group()!.FirstIndex > 200);
    }

    [Fact]
    public void A_snapshot_that_finds_no_space_stops_the_node()
    {
        var cluster = new TestCluster(1, raft: TestCluster.Raft with { SnapshotThreshold = 20 });
        TestNode node = cluster.Nodes[0];
        node.Options = node.Options with { Storage = node.Options.Storage with { LowSpaceBytes = 0 } };
        node.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        node.Disk.CapacityBytes = 1;
        TestCall[] calls = [.. Enumerable.Range(0, 30).Select(_ => node.Command(Tally.Add("a", 1)))];
        cluster.RunUntil(() => node.Running!.Status.State == NodeState.Failed);
        Assert.Contains("No space left on device", node.Running!.Failure!.Sentence, StringComparison.Ordinal);
        Assert.All(calls, call => Assert.True(call.IsComplete));
    }

    private static TestCluster FormedWithMark(int size, RaftOptions? raft = null)
    {
        var cluster = new TestCluster(size, raft: raft);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Options = node.Options with { Storage = node.Options.Storage with { LowSpaceBytes = 1000 } };
            (node.Space.Free, node.Space.Total) = (20_000, 20_000);
            node.Start();
        }

        cluster.RunUntil(() => cluster.IsSettled);
        return cluster;
    }

    private static string? RefusalOf(TestCluster cluster, TestNode follower) => cluster.Nodes
        .Where(node => node.Leads())
        .SelectMany(node => node.Group()!.Peers)
        .FirstOrDefault(peer => peer.Name == follower.Name)?.Refusal;

    private static void Fill(SimulatedDisk disk, long leaving)
    {
        using IStorageFile filler = disk.Open("/filler", FileOpenMode.New);
        filler.SetLength(disk.FreeBytes("/") - leaving);
    }

    private static long LengthOf(SimulatedDisk disk, string path)
    {
        if (!disk.FileExists(path))
            return 0;
        using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
        return file.Length;
    }
}
