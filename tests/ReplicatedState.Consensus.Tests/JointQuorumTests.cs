using CsCheck;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

public sealed class JointQuorumTests
{
    private static readonly Gen<(ulong[] Incoming, ulong[] Outgoing, ulong[] Values)> Cases =
        Gen.Select(Voters(1, 7), Voters(0, 7), Gen.ULong[0, 9].Array[10]);

    [Fact, Trap("14"), Trap("24")]
    public void What_a_quorum_has_reached_is_what_counting_says() =>
        Cases.Sample(c =>
        {
            Configuration configuration = Configure(c.Incoming, c.Outgoing);
            ulong reached = JointQuorum.Reached(configuration, new Table(c.Values));
            // By definition: the largest value such that a majority of each set has at least that much.
            ulong expected = c.Values.Prepend(0UL).Where(v => HasMajority(c.Incoming, c.Values, v) && HasMajority(c.Outgoing, c.Values, v)).DefaultIfEmpty(0UL).Max();
            Assert.Equal(expected, reached);
        });

    [Fact]
    public void Two_quorums_always_overlap() =>
        Cases.Sample(c =>
        {
            Configuration configuration = Configure(c.Incoming, c.Outgoing);
            var yes = new Answers(c.Values, v => v >= 5);
            var no = new Answers(c.Values, v => v < 5);
            bool both = JointQuorum.Count(configuration, yes) == ElectionResult.Won && JointQuorum.Count(configuration, no) == ElectionResult.Won;
            Assert.False(both);
        });

    [Fact]
    public void Half_of_an_even_number_is_no_majority() => Assert.Equal([1, 2, 2, 3, 3, 4], Enumerable.Range(1, 6).Select(n => JointQuorum.Size(n)));

    private static Gen<ulong[]> Voters(int min, int max) => Gen.ULong[1, 9].HashSet[min, max].Select(set => set.ToArray());

    private static Configuration Configure(ulong[] incoming, ulong[] outgoing) =>
        new([.. incoming.Select(v => new RaftId(v))], [.. outgoing.Select(v => new RaftId(v))], []);

    private static bool HasMajority(ulong[] voters, ulong[] values, ulong value) =>
        voters.Length == 0 || voters.Count(v => values[v] >= value) > voters.Length / 2;

    private readonly struct Table(ulong[] values) : JointQuorum.IValues
    {
        public ulong Of(RaftId voter) => values[voter.Value];
    }

    private readonly struct Answers(ulong[] values, Func<ulong, bool> yes) : JointQuorum.IBallots
    {
        public bool? Of(RaftId voter) => yes(values[voter.Value]);
    }
}
