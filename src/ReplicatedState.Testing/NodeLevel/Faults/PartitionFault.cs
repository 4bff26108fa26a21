namespace ReplicatedState.Testing.NodeLevel;

/// <summary>Cuts links, one way or both, for up to four seconds.</summary>
internal sealed class PartitionFault : NodeFault
{
    private const byte Heal = 1;

    public override FaultKind Kind => FaultKind.Partition;

    public override byte Code => 8;

    protected override bool Recurs => false; // not before this one is healed

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 2_000_000, 6_000_000));

    public override void End() => Simulation.Network.Heal();

    protected override void Strike()
    {
        Simulation.Log?.Note(null, "links are cut");
        switch (Simulation.Options.Nodes == 1 ? 3u : Random.Next(4))
        {
            case 0:
                Simulation.Counts.Add(SimulatedFault.Partition);
                Simulation.Network.Isolate(Simulation.AnyStation(Random).Number);
                break;
            case 1:
                Simulation.Counts.Add(SimulatedFault.Partition);
                Simulation.Network.Split(1 + Random.Next((1u << Simulation.Options.Nodes) - 2));
                break;
            case 2:
                (int from, int to) = Simulation.AnyLink(Random);
                Simulation.Counts.Add(SimulatedFault.OneWayPartition);
                Simulation.Network.Cut(from, to);
                break;
            default:
                CutToRing();
                break;
        }

        PlanStep(Random.Between(100_000, 4_000_000), Heal);
    }

    protected override void GoOn(in NodeEvent e)
    {
        Simulation.Network.Heal();
        PlanNext();
    }

    /// <summary>Three nodes are a ring as they are; of them one link is cut.</summary>
    private void CutToRing()
    {
        int nodes = Simulation.Options.Nodes;
        if (nodes == 1)
            return;
        Simulation.Counts.Add(SimulatedFault.RingPartition);
        int first = Simulation.AnyStation(Random).Number;
        for (int i = 0; i < nodes; i++)
        {
            for (int k = 0; k < nodes; k++)
            {
                int distance = Math.Abs(i - k);
                bool areNeighbours = distance == 1 || (distance == nodes - 1 && nodes > 3);
                if (i != k && !areNeighbours)
                    Simulation.Network.Cut((first + i) % nodes, (first + k) % nodes);
            }
        }
    }
}
