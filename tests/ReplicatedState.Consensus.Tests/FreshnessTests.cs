using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

/// <summary>How old a node's applied state may be, for reads of bounded staleness.</summary>
public sealed class FreshnessTests
{
    private ulong _sequence;

    [Fact]
    public void The_age_of_a_followers_state_counts_from_when_it_asked_and_not_from_when_it_was_answered()
    {
        TestCluster cluster = Led();
        TestNode follower = cluster[2];
        Assert.Null(follower.Core.StateIsFreshAsOfMs);
        follower.AdvanceClock(10);
        Ask(follower);
        follower.AdvanceClock(500);
        cluster.Settle();
        Assert.Single(follower.Reads);
        Assert.Equal(10, follower.Core.StateIsFreshAsOfMs);
    }

    [Fact]
    public void Hearing_a_leader_makes_nothing_fresher_because_it_may_have_been_deposed()
    {
        TestCluster cluster = Led();
        cluster[2].AdvanceClock(10);
        Ask(cluster[2]);
        cluster.Settle();
        cluster[2].AdvanceClock(1000);
        cluster.Tick(3);
        Assert.Equal(10, cluster[2].Core.StateIsFreshAsOfMs);
    }

    [Fact]
    public void An_answer_counts_only_when_its_index_has_been_applied_and_a_state_that_always_lags_still_gets_fresher()
    {
        TestCluster cluster = Led();
        TestNode follower = cluster[2];
        follower.DiskIsSlow = true; // nothing is applied that isn't durable here
        for (int i = 1; i <= 5; i++)
        {
            cluster[1].Propose($"{i}");
            cluster.Settle();
            follower.AdvanceClock(10);
            Ask(follower);
            cluster.Settle();
        }

        Assert.Equal(5, follower.Reads.Count);
        Assert.Null(follower.Core.StateIsFreshAsOfMs);
        while (follower.AppliedIndex < follower.Reads[0].Index)
        {
            follower.SyncOne();
            cluster.Settle();
        }

        Assert.True(follower.AppliedIndex < follower.Reads[4].Index, "the state lags");
        Assert.Equal(10, follower.Core.StateIsFreshAsOfMs);
        follower.Sync();
        cluster.Settle();
        Assert.Equal(50, follower.Core.StateIsFreshAsOfMs);
    }

    [Fact]
    public void A_leader_knows_it_too_and_an_isolated_one_learns_nothing_new()
    {
        TestCluster cluster = Led();
        cluster[1].AdvanceClock(10);
        Ask(cluster[1]);
        cluster.Settle();
        Assert.Equal(10, cluster[1].Core.StateIsFreshAsOfMs);
        cluster.Isolate(1);
        cluster[1].AdvanceClock(10);
        Ask(cluster[1]);
        cluster.Settle();
        Assert.Equal(10, cluster[1].Core.StateIsFreshAsOfMs);
    }

    [Fact]
    public void After_a_clock_stall_nothing_is_known_and_an_answer_to_an_earlier_question_tells_nothing()
    {
        TestCluster cluster = Led();
        TestNode follower = cluster[2];
        follower.AdvanceClock(10);
        Ask(follower);
        List<Message> question = cluster.TakeMessages();
        follower.Core.OnClockStall(0); // however short
        cluster.Deliver(question.Single());
        cluster.Settle();
        Assert.Single(follower.Reads);
        Assert.Null(follower.Core.StateIsFreshAsOfMs);
        follower.AdvanceClock(10);
        Ask(follower);
        cluster.Settle();
        Assert.Equal(20, follower.Core.StateIsFreshAsOfMs);
    }

    private static TestCluster Led()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        return cluster;
    }

    private void Ask(TestNode node) => node.RequestRead(new ReadContext(node.Id, 7, ++_sequence));
}
