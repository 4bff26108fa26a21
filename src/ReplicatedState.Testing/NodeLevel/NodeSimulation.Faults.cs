namespace ReplicatedState.Testing.NodeLevel;

// What goes wrong, and when; what each kind of trouble does is in a file of its own under Faults.
public sealed partial class NodeSimulation
{
    private readonly NodeFault[] _faults = NodeFaultList.New();

    /// <summary>False once everything is to become whole again.</summary>
    internal bool IsFaulty { get; private set; } = true;

    /// <summary>What has really happened so far.</summary>
    internal FaultCounts Counts { get; } = new();

    internal SimulatedStation AnyStation(SeededRandom random) => Stations[random.Between(0, Stations.Length - 1)];

    internal (int From, int To) AnyLink(SeededRandom random)
    {
        int from = AnyStation(random).Number;
        int to = random.Between(0, Stations.Length - 2);
        return (from, to >= from ? to + 1 : to);
    }

    /// <summary>What happens to a paused node happens when it runs again, in the same order.</summary>
    private bool Postponed(long at, NodeEvent e)
    {
        if (e.Kind is not (NodeEventKind.Turn or NodeEventKind.Stream or NodeEventKind.Submit))
            return false;
        long until = Stations[e.Node].PausedUntilUs;
        if (until <= at)
            return false;
        _events.Add(until, e);
        return true;
    }
}
