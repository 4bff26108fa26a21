using System.Collections.Immutable;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Tests.Administration;

public sealed class MembershipPlanTests
{
    private static readonly Configuration OneTwoThree = Configuration.Of([new(1), new(2), new(3)]);

    [Fact]
    public void Whoever_shall_vote_learns_first_and_votes_when_it_has_caught_up()
    {
        SystemState cluster = Records((1, MemberStanding.Voter), (2, MemberStanding.Voter), (3, MemberStanding.Voter), (4, MemberStanding.Voter));
        ConfigChange? first = MembershipPlan.Next(OneTwoThree, cluster, mayFinish: true, _ => true);
        Assert.Equal([new MemberChange(new(4), MemberRole.Learner)], first!.Value.Members.AsEnumerable());
        Assert.Null(first.Value.Revision);

        Configuration learning = OneTwoThree with { Learners = [new(4)] };
        Assert.Null(MembershipPlan.Next(learning, cluster, mayFinish: true, _ => false));
        Assert.Null(MembershipPlan.Next(learning, cluster, mayFinish: false, _ => true));
        ConfigChange? last = MembershipPlan.Next(learning, cluster, mayFinish: true, id => id == new RaftId(4));
        Assert.Equal([new MemberChange(new(4), MemberRole.Voter)], last!.Value.Members.AsEnumerable());
        Assert.Equal(cluster.MembershipIndex, last.Value.Revision);
    }

    [Fact]
    public void A_wiped_node_is_swapped_in_one_change()
    {
        SystemState cluster = Records((1, MemberStanding.Voter), (2, MemberStanding.Voter), (3, MemberStanding.Leaving), (33, MemberStanding.Voter));
        Configuration learning = OneTwoThree with { Learners = [new(33)] };
        Assert.Equal(
            [new MemberChange(new(3), MemberRole.None), new MemberChange(new(33), MemberRole.Voter)],
            MembershipPlan.Next(learning, cluster, mayFinish: true, _ => true)!.Value.Members.AsEnumerable());
    }

    [Fact]
    public void A_newcomer_that_was_called_off_leaves_again_though_it_never_caught_up()
    {
        SystemState cluster = Records((1, MemberStanding.Voter), (2, MemberStanding.Voter), (3, MemberStanding.Voter), (4, MemberStanding.Leaving));
        Configuration learning = OneTwoThree with { Learners = [new(4)] };
        Assert.Equal([new MemberChange(new(4), MemberRole.None)], MembershipPlan.Next(learning, cluster, mayFinish: true, _ => false)!.Value.Members.AsEnumerable());
    }

    [Fact]
    public void A_group_that_has_arrived_or_follows_later_records_or_is_joint_takes_no_step()
    {
        SystemState cluster = Records((1, MemberStanding.Voter));
        Assert.Null(MembershipPlan.Next(OneTwoThree with { Revision = cluster.MembershipIndex }, cluster, mayFinish: true, _ => true));
        Assert.Null(MembershipPlan.Next(OneTwoThree with { Revision = cluster.MembershipIndex + 1 }, cluster, mayFinish: true, _ => true));
        Assert.Null(MembershipPlan.Next(OneTwoThree with { OutgoingVoters = [new(1)] }, cluster, mayFinish: true, _ => true));
        Assert.Null(MembershipPlan.Next(OneTwoThree, Records((1, MemberStanding.Leaving)), mayFinish: true, _ => true));
    }

    [Fact]
    public void Records_that_change_nothing_in_a_group_are_still_taken_over()
    {
        SystemState cluster = Records((1, MemberStanding.Voter), (2, MemberStanding.Voter), (3, MemberStanding.Voter));
        ConfigChange? change = MembershipPlan.Next(OneTwoThree, cluster, mayFinish: true, _ => true);
        Assert.Empty(change!.Value.Members);
        Assert.Equal(cluster.MembershipIndex, change.Value.Revision);
    }

    private static SystemState Records(params (ulong Id, MemberStanding Standing)[] members) => SystemState.Empty with
    {
        MembershipIndex = 50,
        Members = members.ToImmutableSortedDictionary(
            static member => new RaftId(member.Id),
            static member => new Member { Id = new RaftId(member.Id), Name = $"n{member.Id}", PeerAddress = "host:1", Standing = member.Standing }),
    };
}
