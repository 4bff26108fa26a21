using System.Collections.Immutable;
using CsCheck;

namespace ReplicatedState.Consensus.Tests;

public sealed class ReconfigurationTests
{
    private static readonly Gen<ConfigChange> Changes = Gen.Select(
        Gen.Select(Gen.ULong[0, 6], Gen.Int[0, 3]).Array[0, 5],
        Gen.Int[0, 3],
        (members, transition) => new ConfigChange([.. members.Select(m => new MemberChange(new RaftId(m.Item1), (MemberRole)m.Item2))], (ConfigTransition)transition));

    [Fact]
    public void Quorums_of_configurations_that_follow_each_other_intersect() =>
        // I9, by brute force over all sets of up to six nodes.
        Changes.Array[1, 8].Sample(changes =>
        {
            Configuration current = Configuration.Of([new RaftId(1), new RaftId(2), new RaftId(3)]);
            foreach (ConfigChange change in changes)
            {
                if (Reconfiguration.Apply(current, change, out Configuration next) != ConfigRefusal.None)
                {
                    Assert.Equal(current, next);
                    continue;
                }

                for (int set = 0; set < 128; set++)
                {
                    bool both = JointQuorum.Count(current, new Among(set)) == ElectionResult.Won && JointQuorum.Count(next, new Among(~set)) == ElectionResult.Won;
                    Assert.False(both, $"{current} and {next} have quorums without a common node");
                }

                current = next;
            }
        });

    [Fact]
    public void Every_configuration_that_is_reached_is_consistent() =>
        Changes.Array[1, 20].Sample(changes =>
        {
            Configuration current = Configuration.Of([new RaftId(1)]);
            foreach (ConfigChange change in changes)
            {
                Reconfiguration.Apply(current, change, out current);
                Assert.NotEmpty(current.Voters);
                Assert.Empty(current.Learners.Where(current.IsVoter));
                Assert.Empty(current.LearnersNext.Except(current.OutgoingVoters));
                Assert.Empty(current.LearnersNext.Intersect(current.Voters));
                Assert.Empty(current.AutoPromote.Except(current.Learners.Union(current.LearnersNext)));
                Assert.True(current.IsJoint || (!current.AutoLeave && current.LearnersNext.IsEmpty));
                Assert.DoesNotContain(RaftId.None, current.Members());
                foreach (ImmutableArray<RaftId> list in new[] { current.Voters, current.OutgoingVoters, current.Learners, current.LearnersNext, current.AutoPromote })
                    Assert.Equal(list.Distinct().Order(), list);
                Assert.Equal(current, ConfigurationCodec.Decode(ConfigurationCodec.Encode(current)));
            }
        });

    [Fact]
    public void More_than_one_voter_takes_a_joint_configuration_and_one_does_not()
    {
        Configuration current = Configuration.Of([new RaftId(1), new RaftId(2), new RaftId(3)]);
        Assert.Equal(ConfigRefusal.None, Reconfiguration.Apply(current, ConfigChange.Remove(new RaftId(3)), out Configuration one));
        Assert.Equal("voters=(1 2)", one.ToString());
        Assert.Equal(ConfigRefusal.None, Reconfiguration.Apply(current, ConfigChange.Replace(new RaftId(3), new RaftId(4)), out Configuration two));
        Assert.Equal("voters=(1 2 4)&&(1 2 3) autoleave", two.ToString());
    }

    [Fact]
    public void A_group_has_no_more_members_than_an_entry_may_list()
    {
        var change = new ConfigChange([.. Enumerable.Range(2, Configuration.MembersMax - 1).Select(i => new MemberChange(new RaftId((ulong)i), MemberRole.Learner))]);
        Assert.Equal(ConfigRefusal.None, Reconfiguration.Apply(Configuration.Of([new RaftId(1)]), change, out Configuration full));
        Assert.Equal(full, ConfigurationCodec.Decode(ConfigurationCodec.Encode(full)));
        Assert.Equal(ConfigRefusal.TooManyMembers, Reconfiguration.Apply(full, ConfigChange.AddLearner(new RaftId(ulong.MaxValue)), out _));
    }

    private readonly struct Among(int set) : JointQuorum.IBallots
    {
        public bool? Of(RaftId voter) => (set & (1 << (int)voter.Value)) != 0;
    }
}
