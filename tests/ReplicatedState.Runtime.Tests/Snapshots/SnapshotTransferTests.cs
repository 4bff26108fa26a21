using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;
using ReplicatedState.Runtime.Wire;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Snapshots;

public sealed class SnapshotTransferTests
{
    private const int ChunkBytes = 1024;
    private const int Keys = 40;

    /// <summary>Chunks that may be under way; what is sent again after a loss.</summary>
    private const int Window = 8;

    /// <summary>Bytes per second at which a test can act between one chunk and the next.</summary>
    private const int Slowly = 20 * ChunkBytes;

    public static TheoryData<int> Fates => new() { (int)FrameFate.Lost, (int)FrameFate.Doubled, (int)FrameFate.Late };

    [Theory]
    [MemberData(nameof(Fates))]
    public void A_chunk_that_is_lost_doubled_or_late_at_any_place_costs_at_most_a_window_of_chunks(int fate)
    {
        int chunks = ChunksOf(Transfer(_ => { }));
        Assert.InRange(chunks, 10, 60);
        for (int place = 0; place < chunks; place++)
        {
            int at = place;
            TransferObserver observer = Transfer(seen => seen.Fate = message =>
                message.Kind == SnapshotMessageKind.Chunk && ChunksOf(seen) == at + 1 ? (FrameFate)fate : FrameFate.Arrives);
            Assert.InRange(ChunksOf(observer), chunks, chunks + Window);
        }
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public void An_offer_or_an_answer_that_is_lost_doubled_or_late_at_any_place_does_no_harm(int fate)
    {
        int others = OthersOf(Transfer(_ => { }));
        for (int place = 0; place < others; place++)
        {
            int at = place;
            TransferObserver observer = Transfer(seen => seen.Fate = message =>
                message.Kind != SnapshotMessageKind.Chunk && OthersOf(seen) == at + 1 ? (FrameFate)fate : FrameFate.Arrives);
            Assert.Equal(0, observer.Count(SnapshotMessageKind.Refused));
        }
    }

    [Fact]
    public void A_follower_that_restarts_in_the_middle_goes_on_where_its_file_ends()
    {
        TestCluster cluster = WithStraggler(out TestNode straggler, Slowly);
        var observer = new TransferObserver(cluster);
        straggler.Start();
        cluster.RunUntil(() => ChunksOf(observer) >= 12);
        straggler.Kill();
        long kept = PartOf(straggler).Length;
        Assert.True(kept >= 4 * ChunkBytes);
        observer.Seen.Clear();
        straggler.Start();
        CatchUp(cluster, straggler);
        Assert.Equal(kept, observer.Seen.First(seen => seen.Message.Kind == SnapshotMessageKind.Progress).Message.Bytes);
        // Chunks of before that arrive in the new life, before any offer, begin nothing.
        Assert.True(observer.Seen.Where(seen => seen.Message.Kind == SnapshotMessageKind.Chunk).All(seen => seen.Message.Bytes >= Math.Min(kept, 4 * ChunkBytes)));
    }

    [Fact]
    public void A_broken_connection_in_the_middle_resumes()
    {
        TestCluster cluster = WithStraggler(out TestNode straggler, Slowly);
        var observer = new TransferObserver(cluster);
        straggler.Start();
        cluster.RunUntil(() => ChunksOf(observer) >= 12);
        TestNode[] others = [.. cluster.Nodes.Where(node => node != straggler)];
        cluster.Network.Isolate(straggler.Address, others.Select(node => node.Address));
        cluster.RunFor(40);
        cluster.Network.Heal();
        CatchUp(cluster, straggler);
        Assert.InRange(ChunksOf(observer), 12, observer.Seen.First(seen => seen.Message.Kind == SnapshotMessageKind.Offer).Message.Bytes / ChunkBytes + 1 + (2 * Window));
    }

    [Fact]
    public void A_new_leader_sends_its_own_snapshot_and_the_old_ones_pieces_no_longer_count()
    {
        TestCluster cluster = WithStraggler(out TestNode straggler, Slowly);
        TestNode old = cluster.Leader;
        TestNode next = cluster.Nodes.Single(node => node != old && node != straggler);
        // A snapshot of its own at another index, so that the two files differ.
        Write(cluster, 5);
        cluster.RunFor(100);
        next.Carry(Runtime.Node.GroupOperationKind.Snapshot);
        cluster.RunUntil(() => next.Group()!.SnapshotIndex > old.Group()!.SnapshotIndex);
        var observer = new TransferObserver(cluster);
        straggler.Start();
        cluster.RunUntil(() => ChunksOf(observer) >= 12);
        old.Carry(Runtime.Node.GroupOperationKind.TransferLeadership, next.Name);
        cluster.RunUntil(() => next.Leads());
        int chunksOfOld = observer.Seen.Count(seen => seen.From == old.Address && seen.Message.Kind == SnapshotMessageKind.Chunk);
        CatchUp(cluster, straggler);
        Assert.Contains(observer.Seen, seen => seen.From == next.Address && seen.Message.Kind == SnapshotMessageKind.Offer);
        Assert.InRange(observer.Seen.Count(seen => seen.From == old.Address && seen.Message.Kind == SnapshotMessageKind.Chunk), chunksOfOld, chunksOfOld + Window);
        Assert.Single(straggler.Disk.ListFiles($"/data/snap/{straggler.Group()!.Group}"));
    }

    [Fact]
    public void An_offer_of_an_older_term_is_refused_while_the_newer_leaders_snapshot_arrives()
    {
        // Without a check of its quorum a leader that hears of nothing goes on for as long as it likes.
        TestCluster cluster = WithStraggler(out TestNode straggler, Slowly / 5, Raft with { CheckQuorum = false, PreVote = false });
        TestNode old = cluster.Leader;
        TestNode next = cluster.Nodes.Single(node => node != old && node != straggler);
        var observer = new TransferObserver(cluster);
        straggler.Start();
        cluster.RunUntil(() => ChunksOf(observer) >= 4);
        cluster.Network.Cut(next.Address, old.Address);
        cluster.Network.Cut(old.Address, next.Address);
        cluster.Network.Cut(straggler.Address, old.Address);
        cluster.RunUntil(() => next.Leads());
        observer.Seen.Clear();
        cluster.RunUntil(() => straggler.Group() is { SnapshotsInstalled: > 0 });
        Assert.True(old.Leads(), "it still offers its own");
        Assert.Contains(observer.Seen, seen => seen.From == straggler.Address && seen.To == old.Address && seen.Message.Kind == SnapshotMessageKind.Refused);
        SnapshotMessage[] chunks = [.. observer.Seen.Where(seen => seen.From == next.Address && seen.Message.Kind == SnapshotMessageKind.Chunk).Select(seen => seen.Message)];
        Assert.Equal(chunks.Select(chunk => chunk.Bytes).Distinct().Count(), chunks.Length);
        cluster.Network.Heal();
        CatchUp(cluster, straggler);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void What_arrived_damaged_is_refused_and_received_anew()
    {
        TestCluster cluster = WithStraggler(out TestNode straggler, Slowly);
        var observer = new TransferObserver(cluster);
        straggler.Start();
        cluster.RunUntil(() => ChunksOf(observer) >= 12);
        straggler.Disk.FlipBit(PartOf(straggler).Path, 2000, 3);
        CatchUp(cluster, straggler);
        Assert.Equal(1, observer.Count(SnapshotMessageKind.Refused));
        Assert.Contains("damaged", observer.Seen.First(seen => seen.Message.Kind == SnapshotMessageKind.Refused).Message.Reason, StringComparison.Ordinal);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_damaged_file_in_the_place_of_the_offered_one_is_replaced()
    {
        TestCluster cluster = WithStraggler(out TestNode straggler);
        TestNode leader = cluster.Leader;
        GroupId group = leader.Group()!.Group;
        string name = leader.Disk.ListFiles($"/data/snap/{group}").Single(file => file.EndsWith(".snap", StringComparison.Ordinal));
        straggler.Disk.CreateDirectory($"/data/snap/{group}");
        using (IStorageFile damaged = straggler.Disk.Open($"/data/snap/{group}/{name}", FileOpenMode.New))
            damaged.Write(0, new byte[5000]);
        straggler.Start();
        CatchUp(cluster, straggler);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_follower_without_room_refuses_with_a_reason_is_left_alone_for_a_while_and_gets_it_later()
    {
        TestCluster cluster = WithStraggler(out TestNode straggler);
        straggler.Options = straggler.Options with { Storage = straggler.Options.Storage with { LowSpaceBytes = 1000 } };
        (straggler.Space.Free, straggler.Space.Total) = (1500, 20_000);
        var observer = new TransferObserver(cluster);
        straggler.Start();
        cluster.RunFor(20_000);
        Assert.InRange(observer.Count(SnapshotMessageKind.Refused), 3, 5);
        Assert.Equal(1, cluster.Leader.Log.Count("too little space for a snapshot"));
        Assert.Equal(0, ChunksOf(observer));
        straggler.Space.Free = 20_000_000;
        CatchUp(cluster, straggler);
    }

    [Fact]
    public void A_transfer_keeps_to_the_rate_and_commands_and_leadership_do_not_suffer()
    {
        TestCluster cluster = WithStraggler(out TestNode straggler, bytesPerSecond: 8_000);
        TestNode leader = cluster.Leader;
        ulong term = leader.Group()!.Term;
        var observer = new TransferObserver(cluster);
        straggler.Start();
        cluster.RunUntil(() => ChunksOf(observer) > 0);
        long beganMs = cluster.Clock.MonotonicMs;
        while (straggler.Group()?.SnapshotsInstalled is null or 0)
        {
            TestCall call = leader.Command(Tally.Add("a", 1));
            cluster.RunUntil(() => call.IsComplete, withinMs: 50);
            Assert.Equal(ReplyStatus.Ok, call.Status);
            cluster.RunFor(20);
        }

        long bytes = observer.Seen.First(seen => seen.Message.Kind == SnapshotMessageKind.Offer).Message.Bytes;
        Assert.InRange(cluster.Clock.MonotonicMs - beganMs, (bytes - 2 * ChunkBytes) * 1000 / 8_000 - 100, bytes * 1000 / 8_000 + 2000);
        Assert.Equal(term, leader.Group()!.Term);
        cluster.AssertReplicasBecomeEqual();
    }

    [Fact]
    public void A_node_sends_so_many_snapshots_at_once_and_the_others_wait()
    {
        TestCluster cluster = new(5, raft: Raft);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Options = node.Options with { Transport = node.Options.Transport with { SnapshotChunkBytes = ChunkBytes, SnapshotTransfersMax = 1 } };
            node.Start();
        }

        cluster.RunUntil(() => cluster.IsSettled);
        TestNode[] stragglers = [.. cluster.Nodes.Where(node => !node.Leads()).Take(2)];
        foreach (TestNode straggler in stragglers)
            straggler.Kill();
        MakeThemLagBehind(cluster);
        var observer = new TransferObserver(cluster);
        foreach (TestNode straggler in stragglers)
            straggler.Start();
        foreach (TestNode straggler in stragglers)
            CatchUp(cluster, straggler);
        string? now = null;
        foreach ((string from, string to, SnapshotMessage message) in observer.Seen)
        {
            if (message.Kind == SnapshotMessageKind.Chunk)
                Assert.Equal(now ??= to, to);
            else if (message.Kind == SnapshotMessageKind.Done && now == from)
                now = null;
        }
    }

    [Fact]
    public void The_offer_tells_configuration_machine_and_version()
    {
        TransferObserver observer = Transfer(_ => { });
        SnapshotMessage offer = observer.Seen.First(seen => seen.Message.Kind == SnapshotMessageKind.Offer).Message;
        Assert.Equal(3, offer.Header!.Meta.Configuration.Voters.Length);
        Assert.Equal("tally", offer.Header.MachineName);
        Assert.Equal(2, offer.Header.MachineVersion);
        Assert.Equal(ChunkBytes, offer.ChunkBytes);
        Assert.Equal(offer.Header.Meta.Position, offer.Position);
    }

    private static RaftOptions Raft => TestCluster.Raft with { SnapshotThreshold = 20, TrailingLogs = 5 };

    private static TransferObserver Transfer(Action<TransferObserver> prepare)
    {
        TestCluster cluster = WithStraggler(out TestNode straggler);
        var observer = new TransferObserver(cluster);
        prepare(observer);
        straggler.Start();
        CatchUp(cluster, straggler);
        cluster.AssertReplicasBecomeEqual();
        return observer;
    }

    /// <summary>Three nodes, one of which is down and so far behind that it needs a snapshot of many chunks.</summary>
    private static TestCluster WithStraggler(out TestNode straggler, long bytesPerSecond = 0, RaftOptions? raft = null)
    {
        var cluster = new TestCluster(3, raft: raft ?? Raft);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Options = node.Options with { Transport = node.Options.Transport with { SnapshotChunkBytes = ChunkBytes, SnapshotBytesPerSecond = bytesPerSecond } };
            node.Start();
        }

        cluster.RunUntil(() => cluster.IsSettled);
        straggler = cluster.Nodes.First(node => !node.Leads());
        straggler.Kill();
        MakeThemLagBehind(cluster);
        return cluster;
    }

    private static void MakeThemLagBehind(TestCluster cluster)
    {
        Write(cluster, Keys);
        TestNode leader = cluster.Leader;
        leader.Carry(Runtime.Node.GroupOperationKind.Snapshot);
        cluster.RunUntil(() => leader.Group()!.FirstIndex > Keys / 2);
        cluster.RunFor(200);
    }

    private static void Write(TestCluster cluster, int count)
    {
        TestCall[] calls = [.. Enumerable.Range(0, count).Select(i => cluster.Leader.Command(Tally.Add(new string((char)('a' + (i % 26)), 400) + i, i)))];
        cluster.RunUntil(() => calls.All(call => call.IsComplete));
        Assert.All(calls, call => Assert.Equal(ReplyStatus.Ok, call.Status));
    }

    private static void CatchUp(TestCluster cluster, TestNode straggler)
    {
        cluster.RunUntil(() => cluster.IsSettled && straggler.Group() is { SnapshotsInstalled: > 0 } && straggler.Group()!.Applied == cluster.Leader.Group()!.Applied, withinMs: 60_000);
        Assert.Equal(1, straggler.Group()!.SnapshotsInstalled);
    }

    private static int ChunksOf(TransferObserver observer) => observer.Count(SnapshotMessageKind.Chunk);

    private static int OthersOf(TransferObserver observer) => observer.Seen.Count - ChunksOf(observer);

    private static (string Path, long Length) PartOf(TestNode node)
    {
        string directory = $"/data/snap/{node.Running?.Status.Groups[^1].Group ?? new GroupId(1)}";
        string path = Path.Combine(directory, node.Disk.ListFiles(directory).Single(file => file.EndsWith(".part", StringComparison.Ordinal)));
        using IStorageFile part = node.Disk.Open(path, FileOpenMode.Existing);
        return (path, part.Length);
    }
}
