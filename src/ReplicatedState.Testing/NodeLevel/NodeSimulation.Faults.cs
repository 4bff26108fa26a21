using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

// What goes wrong, and when; what each kind of trouble does is in a file of its own under Faults.
public sealed partial class NodeSimulation
{
    private readonly NodeFault[] _faults = NodeFaultList.New();

    /// <summary>False once everything is to become whole again.</summary>
    internal bool IsFaulty { get; private set; } = true;

    /// <summary>What has really happened so far.</summary>
    internal FaultCounts Counts { get; } = new();

    /// <summary>Until when nothing else goes wrong.</summary>
    internal long CalmUntilUs { get; private set; }

    /// <summary>Whether all nodes run and every group has a leader that all others follow closely.</summary>
    internal bool IsWell
    {
        get
        {
            if (!Stations.All(s => s.IsUp && !s.Trouble.IsStopping && !s.Trouble.IsRetired && s.Trouble.Damage is null && s.PausedUntilUs <= Clock.NowUs))
                return false;
            int expected = _workload.Machines.Count + 1;
            return Stations.All(s => s.Node!.Status.Groups.Count == expected)
                && Stations.SelectMany(s => s.Node!.Status.Groups).Count(g => g.Role == RaftRole.Leader && g.HaltReason is null && g.Peers.All(p => p is { RecentlyActive: true, State: ProgressState.Replicate })) == expected;
        }
    }

    /// <summary>Ends what goes wrong at the moment, and lets nothing else go wrong for a while.</summary>
    internal void CalmDown(long forUs)
    {
        CalmUntilUs = Clock.NowUs + forUs;
        Network.Heal();
        foreach (SimulatedStation station in Stations)
        {
            station.PausedUntilUs = Math.Min(station.PausedUntilUs, Clock.NowUs);
            station.Trouble.SlowUntilUs = 0;
            station.Disk.CutPowerAt = null;
            Repair(station.Disk);
        }
    }

    private void OnWentWrong(SimulatedStation station)
    {
        Log?.Note(station.Number, "has executed a command wrongly");
        _invariants.OnWentWrong();
    }

    /// <summary>What a wrong state has led to: found out soon, and right again in the end.</summary>
    private void WatchWrongState(SimulatedStation station, NodeStatus status)
    {
        if (!station.Slow.HasGoneWrong)
            return;
        bool isQuarantined = status.Groups.Any(g => g.Group != GroupId.System && g.Quarantine is not null);
        if (isQuarantined && !station.Trouble.WasFoundWrong)
        {
            station.Trouble.WasFoundWrong = true;
            Counts.Add(SimulatedFault.DivergedState);
            CalmUntilUs = Math.Min(CalmUntilUs, Clock.NowUs + 300_000); // until its disk knows of it
        }

        if (isQuarantined || !IsRightAgain(station, [.. status.Groups.Where(g => g.Group != GroupId.System)]))
            return;
        station.Slow.HasGoneWrong = false;
        Log?.Note(station.Number, "counts as right again");
    }

    private bool IsRightAgain(SimulatedStation station, List<GroupStatus> groups)
    {
        // Its word is taken once it has a leader's state: whatever it says from now on is checked like everybody's.
        if (station.Trouble.WasFoundWrong && groups.Exists(g => g.SnapshotsInstalled > 0))
            return true;
        // A process that ends takes a wrong state with it, unless that is in a snapshot: the next one, which executes the command again, may come to the right state by itself.
        return station.Slow.HasEndedSince && groups.Count > 0 && groups.TrueForAll(g => g.Applied >= station.Slow.WrongAt && _invariants.IsKnownRight(g));
    }

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
