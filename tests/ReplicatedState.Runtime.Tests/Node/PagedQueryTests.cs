using ReplicatedState.Consensus;
using ReplicatedState.Pages;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

/// <summary>Queries that answer in pages, on whole nodes.</summary>
public sealed class PagedQueryTests : IDisposable
{
    private const int Size = 100_000;
    private static readonly RaftOptions Leases = TestCluster.Raft with { LeasePromiseMs = TestCluster.Raft.ElectionTimeoutMinMs };

    public void Dispose() => Shelves.Hook = null;

    [Theory]
    [InlineData(ConsistencyLevel.Linearizable)]
    [InlineData(ConsistencyLevel.Lease)]
    [InlineData(ConsistencyLevel.Session)]
    public void All_pages_are_of_the_index_that_the_first_one_names_whatever_is_applied_meanwhile(ConsistencyLevel level)
    {
        TestCluster cluster = Formed(3, Leases);
        Mark(cluster, times: 3);
        foreach (TestNode node in cluster.Nodes)
        {
            TestCall page = Ask(cluster, node, Shelves.BlocksCall(count: 7, Size, level switch
            {
                ConsistencyLevel.Lease => ReadConsistency.Lease,
                ConsistencyLevel.Session => ReadConsistency.Session,
                _ => ReadConsistency.Linearizable,
            }));
            long mark = Shelves.MarksOf(page)[0];
            ulong index = page.Index;
            Assert.Equal(2, Shelves.MarksOf(page).Length);
            int blocks = 2;
            for (uint number = 1; page.NextCursor != 0; number++)
            {
                Mark(cluster, times: 2);
                page = Ask(cluster, node, new TestCall { Kind = RequestKind.Page, Cursor = page.NextCursor, Page = number });
                Assert.Equal(index, page.Index);
                Assert.All(Shelves.MarksOf(page), seen => Assert.Equal(mark, seen));
                blocks += Shelves.MarksOf(page).Length;
            }

            Assert.Equal(7, blocks);
        }

        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void Only_the_node_that_answered_has_the_rest_and_forgets_it_when_nobody_asks()
    {
        TestCluster cluster = Formed(3);
        TestNode node = cluster.Nodes[1];
        TestCall first = Ask(cluster, node, Shelves.BlocksCall(count: 9, Size));
        Assert.Equal((1, (3 * 262_144L) + 131_072L), (node.Running!.Status.OpenResults, node.Running.Status.OpenResultBytes));
        Assert.Equal(ReplyStatus.PageUnavailable, Ask(cluster, cluster.Nodes[0], Next(first)).Status);
        cluster.RunFor(29_000);
        Assert.Equal(2, Shelves.MarksOf(Ask(cluster, node, Next(first))).Length);
        cluster.RunFor(29_000);
        Assert.Equal(1, node.Running.Status.OpenResults);
        cluster.RunFor(2_000);
        Assert.Equal((0, 0L), (node.Running.Status.OpenResults, node.Running.Status.OpenResultBytes));
        Assert.Equal(ReplyStatus.PageUnavailable, Ask(cluster, node, Next(first)).Status);
        Assert.Equal(0, Count(cluster));
    }

    [Fact]
    public void A_restarted_node_has_no_results_of_its_earlier_life()
    {
        TestCluster cluster = Formed(1);
        TestNode node = cluster.Leader;
        TestCall first = Ask(cluster, node, Shelves.BlocksCall(count: 9, Size));
        node.Kill();
        node.Start();
        cluster.RunUntil(() => cluster.HasOneLeader);
        Assert.Equal(ReplyStatus.PageUnavailable, Ask(cluster, node, Next(first)).Status);
        ulong again = Ask(cluster, node, Shelves.BlocksCall(count: 9, Size)).NextCursor;
        Assert.NotEqual(first.NextCursor, again);
    }

    [Fact]
    public void A_result_whose_lease_ran_out_while_it_was_made_is_made_anew_and_leaves_nothing_behind()
    {
        TestCluster cluster = Formed(3, Leases);
        Mark(cluster, times: 1);
        TestNode leader = cluster.Leader;
        int made = 0;
        Shelves.Hook = () =>
        {
            // Longer than the lease, not long enough for the node to stand down.
            if (++made == 1)
                cluster.Clock.AdvanceTo(cluster.Clock.NowUs + (TestCluster.Raft.ElectionTimeoutMinMs * 1000));
        };
        TestCall first = Ask(cluster, leader, Shelves.BlocksCall(count: 5, Size, ReadConsistency.Lease));
        Assert.Equal(2, Shelves.MarksOf(first).Length);
        Assert.Equal(2, made);
        Assert.Equal((1, 262_144L + 131_072L), (leader.Running!.Status.OpenResults, leader.Running.Status.OpenResultBytes));
    }

    [Fact]
    public void Results_and_items_beyond_the_bounds_and_queries_asked_for_the_wrong_way_are_refused_and_leave_nothing()
    {
        TestCluster cluster = Formed(1);
        TestNode node = cluster.Leader;
        TestCall result = Ask(cluster, node, Shelves.BlocksCall(count: 700, Size));
        Assert.Equal(ReplyStatus.ResultTooLarge, result.Status);
        Assert.Contains("more than 67108864 bytes", result.Message, StringComparison.Ordinal);
        TestCall item = Ask(cluster, node, Shelves.BlocksCall(count: 1, size: 4 * 1024 * 1024));
        Assert.Equal(ReplyStatus.ResultTooLarge, item.Status);
        Assert.Contains("transport.max_message_size", item.Message, StringComparison.Ordinal);
        TestCall one = Ask(cluster, node, Shelves.BlocksCall(count: 1, size: (4 * 1024 * 1024) - 100));
        Assert.Single(Shelves.MarksOf(one));
        Assert.InRange(one.Body.Length, 1, 4 * 1024 * 1024);

        TestCall whole = Shelves.BlocksCall(count: 1, size: 1);
        whole.InPages = false;
        Assert.Equal(ReplyStatus.UnknownCommand, Ask(cluster, node, whole).Status);
        var paged = new TestCall { Machine = TestCluster.Machine, Kind = RequestKind.Query, InPages = true, Payload = Payload.Of(Shelves.MarkedCall) };
        Assert.Equal(ReplyStatus.UnknownCommand, Ask(cluster, node, paged).Status);
        Assert.Equal((0, 0L), (node.Running!.Status.OpenResults, node.Running.Status.OpenResultBytes));
        cluster.AssertAllCallsEnded();
    }

    [Fact]
    public void So_much_is_kept_of_all_results_together_and_whoever_gives_one_up_makes_room()
    {
        TestCluster cluster = Formed(1);
        TestNode node = cluster.Leader;
        TestCall[] kept = [.. Enumerable.Range(0, 4).Select(_ => Ask(cluster, node, Shelves.BlocksCall(count: 500, Size)))];
        Assert.All(kept, first => Assert.Equal(ReplyStatus.Ok, first.Status));
        TestCall refused = Ask(cluster, node, Shelves.BlocksCall(count: 500, Size));
        Assert.Equal(ReplyStatus.Overloaded, refused.Status);
        Assert.Contains("may keep 268435456", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ReplyStatus.Ok, Ask(cluster, node, new TestCall { Kind = RequestKind.Page, Cursor = kept[2].NextCursor }).Status);
        Assert.Equal(3, node.Running!.Status.OpenResults);
        Assert.Equal(ReplyStatus.Ok, Ask(cluster, node, Shelves.BlocksCall(count: 500, Size)).Status);
    }

    [Fact]
    public void Large_results_are_the_workers_and_drive_no_quick_machine_from_the_shard()
    {
        TestCluster cluster = Formed(1);
        TestNode node = cluster.Leader;
        Mark(cluster, ApplyPace.ProbationCalls);
        cluster.RunFor(100);
        long atRest = node.Group()!.ApplyHandOvers;
        Mark(cluster, times: 100);
        cluster.RunFor(100);
        Assert.Equal(atRest, node.Group()!.ApplyHandOvers);

        Shelves.Hook = () => cluster.Clock.AdvanceTo(cluster.Clock.NowUs + 400_000);
        Ask(cluster, node, Shelves.BlocksCall(count: 5, Size));
        Shelves.Hook = null;
        Mark(cluster, times: 100);
        cluster.RunFor(100);
        Assert.Equal(atRest + 1, node.Group()!.ApplyHandOvers);
    }

    [Fact]
    public void What_was_taken_from_a_state_that_is_distrusted_later_stays_flawed_when_the_state_was_replaced()
    {
        var slot = new GroupMachineSlot();
        slot.Fill(new Replica(definition: StateMachineDefinition.Of<Shelves>()).Machine);
        TestCall call = Shelves.BlocksCall(count: 1, size: 1);
        using var pages = new PageWriter(PageLimits.Default);
        Assert.Equal(ReplyStatus.Ok, slot.QueryPages(new(call.Payload.Memory), pages, out _, out _, out _, out int distrusts));
        Assert.Null(slot.FlawSince(distrusts));
        slot.Distrust("It is wrong.", freeze: true);
        Assert.Equal("It is wrong.", slot.FlawSince(distrusts));
        Assert.Equal(ReplyStatus.MachineHalted, slot.QueryPages(new(call.Payload.Memory), pages, out _, out string? message, out _, out _));
        Assert.Equal("It is wrong.", message);
        slot.Distrust(null, freeze: false);
        Assert.Contains("was found wrong, and has been replaced", slot.FlawSince(distrusts), StringComparison.Ordinal);
        Assert.Equal(ReplyStatus.Ok, slot.QueryPages(new(call.Payload.Memory), pages, out _, out _, out _, out distrusts));
        Assert.Null(slot.FlawSince(distrusts));
    }

    private static TestCluster Formed(int size, RaftOptions? raft = null) =>
        TestCluster.Formed(size, raft: raft, machines: [new MachineRegistration(TestCluster.Machine, StateMachineDefinition.Of<Shelves>())]);

    private static TestCall Ask(TestCluster cluster, TestNode node, TestCall call)
    {
        cluster.Calls.Add(call);
        node.Running!.Submit(call);
        cluster.RunUntil(() => call.IsComplete);
        return call;
    }

    private static TestCall Next(TestCall first) => new() { Kind = RequestKind.Page, Cursor = first.NextCursor, Page = 1 };

    private static void Mark(TestCluster cluster, int times)
    {
        for (int i = 0; i < times; i++)
        {
            TestCall call = cluster.Leader.Command(Shelves.MarkCall, machine: TestCluster.Machine);
            cluster.RunUntil(() => call.IsComplete);
            Assert.Equal(ReplyStatus.Ok, call.Status);
        }
    }

    private static int Count(TestCluster cluster) => cluster.Nodes.Sum(node => node.Running!.Status.OpenResults);
}
