using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Distrust;

namespace ReplicatedState.Runtime.Tests.Distrust;

/// <summary>Member 1 leads. Its hash at index i is i; the others say what a test lets them say.</summary>
public sealed class HashComparisonTests
{
    private const ulong Applied = 100;
    private readonly HashComparison _comparison = new(Id(1));
    private readonly HashSet<RaftId> _distrusted = [];
    private long _nowMs;

    [Fact]
    public void Nobody_who_agrees_is_judged()
    {
        Say(2, 90, 90);
        Say(3, 100, 100);
        Assert.Empty(Judge(Voters(3)));
        Assert.Equal(90UL, _comparison.EqualAt(Id(2)).Index);
    }

    [Fact]
    public void Whoever_differs_from_a_majority_is_in_the_minority()
    {
        Say(2, 90, 90);
        Say(3, 80, 7);
        Assert.Equal([(JudgementKind.MemberInMinority, 3)], Judge(Voters(3)));
    }

    [Fact]
    public void Who_agrees_behind_the_difference_only_decides_nothing_yet()
    {
        Say(2, 70, 70); // at 80 it may differ too
        Say(3, 80, 7);
        Assert.Equal([(JudgementKind.Undecided, 3)], Judge(Voters(3)));
        Say(2, 80, 80);
        Assert.Equal([(JudgementKind.MemberInMinority, 3)], Judge(Voters(3)));
    }

    [Fact]
    public void Hashes_of_different_indexes_are_never_compared()
    {
        // 2 and 3 say what the leader has elsewhere, and are on one side or not: nobody can tell.
        Say(2, 80, 7);
        Say(3, 81, 7);
        Assert.Equal([(JudgementKind.Undecided, 2), (JudgementKind.Undecided, 3)], Judge(Voters(3)));
        Say(3, 80, 7);
        Assert.Equal([(JudgementKind.LeaderInMinority, 2), (JudgementKind.LeaderInMinority, 3)], Judge(Voters(3)));
    }

    [Fact]
    public void A_claim_ahead_of_the_leader_waits_and_is_not_pushed_aside()
    {
        Say(2, 120, 7);
        Say(2, 130, 8);
        Assert.Empty(Judge(Voters(3)));
        _comparison.Compare(Own, 125);
        Assert.True(_comparison.Differs(Id(2)));
    }

    [Fact]
    public void Two_voters_that_differ_have_no_majority()
    {
        Say(2, 80, 7);
        Assert.Equal([(JudgementKind.NoMajority, 2)], Judge(Voters(2)));
    }

    [Fact]
    public void Where_a_voter_was_not_heard_nobody_says_that_there_is_no_majority()
    {
        Say(2, 80, 7);
        Assert.Equal([(JudgementKind.Undecided, 2)], Judge(Voters(3)));
        Say(3, 80, 8);
        Assert.Equal([(JudgementKind.NoMajority, 2), (JudgementKind.NoMajority, 3)], Judge(Voters(3)));
    }

    [Fact]
    public void Four_voters_in_two_halves_have_no_majority_and_five_have_one()
    {
        Say(2, 90, 90);
        Say(3, 80, 7);
        Say(4, 80, 7);
        Assert.Equal([(JudgementKind.NoMajority, 3), (JudgementKind.NoMajority, 4)], Judge(Voters(4)));
        Say(5, 80, 7);
        Assert.All(Judge(Voters(5)), judgement => Assert.Equal(JudgementKind.LeaderInMinority, judgement.Kind));
    }

    [Fact]
    public void Whoever_is_in_quarantine_stands_for_nothing_and_is_one_of_those_that_a_majority_is_of()
    {
        Say(2, 90, 90);
        Say(3, 80, 7);
        _distrusted.Add(Id(2));
        Assert.Equal([(JudgementKind.NoMajority, 3)], Judge(Voters(3)));
        _distrusted.Clear();
        Assert.Equal([(JudgementKind.MemberInMinority, 3)], Judge(Voters(3)));
    }

    [Fact]
    public void A_learner_decides_nothing_and_is_judged_like_the_others()
    {
        Configuration voters = Voters(2) with { Learners = [Id(3)] };
        Say(3, 90, 90);
        Say(2, 80, 7);
        Assert.Equal([(JudgementKind.NoMajority, 2)], Judge(voters));
        Forget(2);
        Forget(3);
        Say(2, 90, 90);
        Say(3, 80, 7);
        Assert.Equal([(JudgementKind.MemberInMinority, 3)], Judge(voters));
    }

    [Fact]
    public void A_joint_configuration_needs_both_majorities()
    {
        Configuration joint = Configuration.Of([Id(1), Id(2), Id(3)]) with { OutgoingVoters = [Id(1), Id(4), Id(5)] };
        Say(2, 90, 90);
        Say(3, 80, 7);
        Assert.Equal([(JudgementKind.Undecided, 3)], Judge(joint));
        Say(4, 90, 90);
        Assert.Equal([(JudgementKind.MemberInMinority, 3)], Judge(joint));
    }

    [Fact]
    public void What_a_member_said_before_its_state_was_replaced_is_void_however_late_it_comes()
    {
        Say(2, 90, 90);
        Say(3, 80, 7);
        Forget(3);
        Assert.Empty(Judge(Voters(3)));
        _comparison.Take(Id(3), new HashCheckpoint(80, 7), answersSentAtMs: _nowMs - 1);
        Assert.Empty(Judge(Voters(3)));
        Say(3, 80, 7);
        Assert.Equal([(JudgementKind.MemberInMinority, 3)], Judge(Voters(3)));
    }

    private static RaftId Id(ulong member) => new(member);

    private static Configuration Voters(int count) => Configuration.Of(Enumerable.Range(1, count).Select(i => Id((ulong)i)));

    private static UInt128? Own(ulong index) => index;

    private void Say(ulong member, ulong index, ulong hash)
    {
        _comparison.Take(Id(member), new HashCheckpoint(index, hash), ++_nowMs);
        _comparison.Compare(Own, Applied);
    }

    private void Forget(ulong member) => _comparison.Forget(Id(member), ++_nowMs);

    private List<(JudgementKind Kind, int Member)> Judge(Configuration members)
    {
        var judgements = new List<Judgement>();
        _comparison.Judge(members, member => !_distrusted.Contains(member), judgements);
        return [.. judgements.Select(judgement => (judgement.Kind, (int)judgement.Member.Value))];
    }
}
