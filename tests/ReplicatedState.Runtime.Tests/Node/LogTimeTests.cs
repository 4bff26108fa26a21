using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Runtime.Tests.Node.Harness;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class LogTimeTests
{
    private static readonly long TtlMs = SessionLimits.Default.TtlMs;

    [Fact]
    public void An_idle_cluster_without_sessions_writes_no_entry_however_long_it_is_idle()
    {
        TestCluster cluster = TestCluster.Formed(3);
        ulong[] before = LastIndexes(cluster);
        cluster.RunFor(3 * TtlMs);
        Assert.Equal(before, LastIndexes(cluster));
    }

    [Fact]
    public void One_entry_ends_a_session_that_nobody_uses_and_no_other_follows()
    {
        TestCluster cluster = TestCluster.Formed(3);
        cluster.RunFor(2 * TtlMs); // beyond the grace of the term
        TestCall open = cluster.Leader.OpenSession();
        cluster.RunUntil(() => open.IsComplete);
        cluster.RunFor(TtlMs - 1000);
        Assert.All(cluster.Nodes, node => Assert.Equal(open.Index, node.Group()!.LastIndex));
        cluster.RunFor(2000);
        Assert.All(cluster.Nodes, node => Assert.Equal(open.Index + 1, node.Group()!.LastIndex));
        cluster.RunFor(3 * TtlMs);
        Assert.All(cluster.Nodes, node => Assert.Equal(open.Index + 1, node.Group()!.Applied));
        TestCall late = cluster.Leader.Command(Tally.Add("a", 1), session: open.Index, sequence: 1);
        cluster.RunUntil(() => late.IsComplete);
        Assert.Equal(ReplyStatus.SessionExpired, late.Status);
    }

    [Fact]
    public void Many_sessions_that_end_together_need_one_entry()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestCall[] opens = [.. Enumerable.Range(0, 100).Select(_ => cluster.Leader.OpenSession())];
        cluster.RunUntil(() => opens.All(open => open.IsComplete));
        cluster.RunFor(2 * TtlMs);
        Assert.Equal(opens.Max(open => open.Index) + 1, cluster.Leader.Group()!.LastIndex);
    }

    [Fact]
    public void A_session_that_ends_among_writes_needs_no_entry_of_its_own_but_where_none_is_under_way()
    {
        TestCluster cluster = TestCluster.Formed(1);
        TestCall open = cluster.Leader.OpenSession();
        cluster.RunUntil(() => open.IsComplete);
        cluster.RunFor(TtlMs - 1000);
        const int Writes = 1000;
        for (int i = 0; i < Writes; i++)
        {
            TestCall write = cluster.Leader.Command(Tally.Add("a", 1));
            cluster.RunUntil(() => write.IsComplete);
            cluster.RunFor(2);
        }

        Assert.InRange(cluster.Leader.Inspect().LastIndex, open.Index + Writes, open.Index + Writes + 1);
        TestCall late = cluster.Leader.Command(Tally.Add("a", 1), session: open.Index, sequence: 1);
        cluster.RunUntil(() => late.IsComplete);
        Assert.Equal(ReplyStatus.SessionExpired, late.Status);
    }

    [Fact]
    public void Sessions_that_were_idle_while_nobody_led_have_their_whole_time_to_live_again()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestCall open = cluster.Leader.OpenSession();
        cluster.RunUntil(() => open.IsComplete);
        foreach (TestNode node in cluster.Nodes)
            node.Kill();
        cluster.RunFor(5 * TtlMs);
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        cluster.RunFor(TtlMs - 10_000);
        TestCall call = cluster.Leader.Command(Tally.Add("a", 1), session: open.Index, sequence: 1);
        cluster.RunUntil(() => call.IsComplete);
        Assert.Equal(ReplyStatus.Ok, call.Status);
    }

    [Fact]
    public void A_wrong_clock_raises_one_alarm_on_the_leader_and_its_end_is_told()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode wrong = cluster.Nodes.First(node => !node.Leads());
        wrong.WallSkewMs = 2_000;
        TestNode leader = cluster.Leader;
        cluster.RunUntil(() => leader.Group()!.ClockAlarm is not null);
        Assert.Contains($"that of {wrong.Name} is 2000 ms ahead", Rounded(leader.Group()!.ClockAlarm!), StringComparison.Ordinal);
        cluster.RunFor(10_000);
        Assert.Equal(1, leader.Log.Count($"Group {leader.Group()!.Group} (tally): wall clocks are further"));
        Assert.All(cluster.Nodes.Where(node => node != leader), node => Assert.Null(node.Group()!.ClockAlarm));
        wrong.WallSkewMs = -100;
        cluster.RunUntil(() => leader.Group()!.ClockAlarm is null);
        Assert.Equal(1, leader.Log.Count("(tally): the clocks of all voters agree again"));
    }

    [Fact]
    public void A_leader_whose_own_clock_is_wrong_says_so_and_stamps_by_the_others()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode leader = cluster.Leader;
        leader.WallSkewMs = 3_600_000;
        cluster.RunUntil(() => leader.Group()!.ClockAlarm is not null);
        Assert.Contains($"that of {leader.Name} is", leader.Group()!.ClockAlarm!, StringComparison.Ordinal);
        TestCall write = leader.Command(Tally.Add("a", 1));
        cluster.RunUntil(() => write.IsComplete);
        Assert.InRange(leader.Inspect().LogTimeMs, cluster.Clock.WallMs - 1000, cluster.Clock.WallMs);
    }

    [Fact]
    public void A_short_pause_of_a_clock_is_no_alarm()
    {
        TestCluster cluster = TestCluster.Formed(3);
        TestNode wrong = cluster.Nodes.First(node => !node.Leads());
        for (int i = 0; i < 5; i++)
        {
            wrong.WallSkewMs = 2_000;
            cluster.RunFor(TestCluster.Raft.ElectionTimeoutMaxMs / 2);
            wrong.WallSkewMs = 0;
            cluster.RunFor(TestCluster.Raft.ElectionTimeoutMaxMs / 2);
        }

        Assert.Equal(0, cluster.Leader.Log.Count("wall clocks are further"));
    }

    private static ulong[] LastIndexes(TestCluster cluster) =>
        [.. cluster.Nodes.SelectMany(node => node.Running!.Status.Groups).OrderBy(group => group.Group).Select(group => group.LastIndex)];

    /// <summary>A report takes its way, so the leader sees a clock a little late.</summary>
    private static string Rounded(string sentence) =>
        System.Text.RegularExpressions.Regex.Replace(sentence, @"\b(1999|1998)\b", "2000");
}
