using ReplicatedState.Consensus.Tests.Harness;
using ReplicatedState.Consensus.Tests.Traps;

namespace ReplicatedState.Consensus.Tests;

/// <summary>
/// Links that fail in one direction (Cloudflare 2020: six hours without a stable leader). Wherever a quorum of voters hear each other, one of the nodes leads within a
/// bound and stays, and what it is told is committed.
/// </summary>
public sealed class PartialPartitionTests
{
    private const int TicksToElect = 200;
    private const int TicksToStay = 200;

    [Theory, Trap("12")]
    [InlineData(false)]
    [InlineData(true)]
    public void Three_nodes_with_any_set_of_links_cut(bool afterALeaderWasThere)
    {
        for (uint cuts = 0; cuts < 1u << 6; cuts++)
            Check(new Links(3, cuts), afterALeaderWasThere);
    }

    [Fact, Trap("12")]
    public void Five_nodes_with_many_sets_of_links_cut()
    {
        var random = new SplitMixRng(12);
        int checkedSets = 0;
        while (checkedSets < 150)
        {
            // Few cuts, many cuts: as many bits of three draws as it takes.
            uint cuts = random.Next(1u << 20) & (random.Next(1u << 20) | random.Next(1u << 20));
            if (Check(new Links(5, cuts), afterALeaderWasThere: (checkedSets & 1) == 0))
                checkedSets++;
        }
    }

    /// <summary>False where no quorum hears each other, so that nothing is promised.</summary>
    private static bool Check(Links links, bool afterALeaderWasThere)
    {
        if (!links.HaveConnectedQuorum)
            return false;
        var cluster = new TestCluster(links.Nodes);
        if (afterALeaderWasThere)
            cluster.Elect(1);
        cluster.Drop = m => links.IsCut((int)m.From.Value - 1, (int)m.To.Value - 1);
        cluster.Tick(TicksToElect);
        ulong term = cluster.Nodes.Max(node => node.Status.HardState.Term);
        TestNode? leader = cluster.Nodes.SingleOrDefault(node => node.IsLeader && node.Status.HardState.Term == term);
        Assert.True(leader is not null, $"nobody leads the latest term with {links}");
        cluster.Tick(TicksToStay);
        Assert.True(leader.IsLeader && leader.Status.HardState.Term == term, $"leadership moves with {links}");
        ulong index = leader.Propose("x").FirstIndex;
        cluster.Tick(5);
        Assert.True(leader.Status.HardState.Commit >= index, $"nothing is committed with {links}");
        return true;
    }

    /// <summary>Which ways between nodes are cut: a bit for each ordered pair.</summary>
    private sealed record Links(int Nodes, uint Cuts)
    {
        public bool HaveConnectedQuorum
        {
            get
            {
                for (uint set = 0; set < 1u << Nodes; set++)
                {
                    if (System.Numerics.BitOperations.PopCount(set) > Nodes / 2 && HearEachOther(set))
                        return true;
                }

                return false;
            }
        }

        public bool IsCut(int from, int to) => from != to && ((Cuts >> ((from * (Nodes - 1)) + (to < from ? to : to - 1))) & 1) != 0;

        public override string ToString()
        {
            var pairs = from a in Enumerable.Range(0, Nodes) from b in Enumerable.Range(0, Nodes) where IsCut(a, b) select $"{a + 1}→{b + 1}";
            return $"{string.Join(' ', pairs)} cut";
        }

        private bool HearEachOther(uint set)
        {
            for (int a = 0; a < Nodes; a++)
            {
                for (int b = 0; b < Nodes; b++)
                {
                    if (((set >> a) & (set >> b) & 1) != 0 && IsCut(a, b))
                        return false;
                }
            }

            return true;
        }
    }
}
