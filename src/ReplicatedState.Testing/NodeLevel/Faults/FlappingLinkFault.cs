namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A link goes down and up in quick succession.</summary>
internal sealed class FlappingLinkFault : NodeFault
{
    private const byte Flip = 1;
    private const int NodesMax = 16;

    public override FaultKind Kind => FaultKind.FlappingLink;

    public override byte Code => 19;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 5_000_000));

    public override void End() => Simulation.Network.Heal();

    protected override void Strike()
    {
        if (Simulation.Options.Nodes == 1)
            return;
        (int from, int to) = Simulation.AnyLink(Random);
        Simulation.Counts.Add(SimulatedFault.FlappingLink);
        PlanFlip((from * NodesMax) + to, times: 2 * Random.Between(2, 10));
    }

    protected override void GoOn(in NodeEvent e)
    {
        (int from, int to) = (e.Detail / NodesMax, e.Detail % NodesMax);
        int times = e.Incarnation;
        if (times % 2 == 0)
        {
            Simulation.Network.Cut(from, to);
            Simulation.Network.Cut(to, from);
        }
        else
        {
            Simulation.Network.Open(from, to);
            Simulation.Network.Open(to, from);
        }

        if (times > 1)
            PlanFlip(e.Detail, times - 1);
    }

    private void PlanFlip(int link, int times) => PlanStep(Random.Between(10_000, 300_000), Flip, node: 0, times, link);
}
