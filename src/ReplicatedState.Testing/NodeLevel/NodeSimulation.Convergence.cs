using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

// The end of a run: all faults are over, and within a bound every client has written once more, all replicas have the same state, and nothing that was
// acknowledged is missing or was done twice.
public sealed partial class NodeSimulation
{
    private readonly List<Inspection> _inspections = [];

    /// <summary>The nodes that belong to the cluster to the end.</summary>
    private IEnumerable<SimulatedStation> Remaining => Stations.Where(s => !s.Trouble.IsRetired);

    private void Converge()
    {
        if (IsFaulty)
            EndFaults();
        if (IsWhole())
        {
            _workload.CheckHistory();
            _finished = true;
            return;
        }

        if (Clock.NowUs > Options.FaultyUs + Options.ConvergeWithinUs)
            throw new SimulationViolationException("liveness", $"the cluster isn't whole again {Options.ConvergeWithinUs / 1_000_000} s after the last fault: {Describe()}");
    }

    private void EndFaults()
    {
        IsFaulty = false;
        foreach (NodeFault fault in _faults)
            fault.End();
        Network.Faults = NetworkFaults.None with { DelayUsMin = 100, DelayUsMax = 200 };
        _workload.OnFaultsOver();
        foreach (SimulatedStation station in Stations)
        {
            if (station.Trouble.Damage is not null && station.IsUp)
                Retire(station, noticed: null); // it is too early for a start to tell
            if (!station.IsUp && !station.Trouble.IsGone)
                Start(station);
        }
    }

    private bool IsWhole()
    {
        // Clients may wait for what operators have to bring to its end.
        bool isSettled = _faults.All(fault => fault.IsSettled());
        if (!_workload.AreClientsDone() || _open.Count > 0 || !isSettled)
            return false;
        foreach (MachineRegistration machine in _workload.Machines)
        {
            List<GroupStatus?> replicas = [.. Remaining.Select(s => ReplicaOf(s, machine.Name))];
            if (replicas.Any(r => r is null || r.Applied != replicas[0]!.Applied || r.Applied != r.LastIndex || r.Commit != r.LastIndex || r.HaltReason is not null))
            {
                _inspections.Clear();
                return false;
            }
        }

        if (_inspections.Count == 0)
        {
            foreach (MachineRegistration machine in _workload.Machines)
            {
                foreach (SimulatedStation station in Remaining)
                {
                    var inspection = new Inspection { Kind = GroupOperationKind.Inspect, Machine = machine.Name };
                    _inspections.Add(inspection);
                    station.Node!.Carry(inspection);
                }
            }

            return false;
        }

        if (_inspections.Any(i => i.Status is null))
            return false;
        CompareStates();
        return true;
    }

    private void CompareStates()
    {
        foreach (IGrouping<string?, Inspection> ofMachine in _inspections.GroupBy(i => i.Machine))
        {
            GroupStatus first = ofMachine.First().Status!;
            foreach (Inspection inspection in ofMachine)
            {
                if (inspection.Status!.Applied == first.Applied && (inspection.Status.StateHash != first.StateHash || inspection.Status.ApplyHash != first.ApplyHash))
                    throw new SimulationViolationException("I6", $"replicas have different states at {first.Applied}");
            }
        }

        foreach (SimulatedStation station in Remaining)
            _workload.CheckReplica(station);
    }

    private static GroupStatus? ReplicaOf(SimulatedStation station, string machine) => station.Node?.Status.Groups.FirstOrDefault(g => g.Name == machine);

    private string Describe()
    {
        string nodes = string.Join("; ", Stations.Select(station =>
        {
            NodeStatus? status = station.Node?.Status;
            string groups = string.Join(", ", (status?.Groups ?? []).Select(g => string.Create(
                CultureInfo.InvariantCulture,
                $"'{g.Name}' {g.Role} leader {g.LeaderName ?? "nobody"} term {g.Term} commit {g.Commit} applied {g.Applied} last {g.LastIndex} first {g.FirstIndex}")));
            return $"n{station.Number + 1} {status?.State.ToString() ?? "down"} {groups}";
        }));
        return $"{nodes}; {_workload.Describe()}; {_open.Count} open calls; {string.Concat(_faults.Select(fault => fault.Describe()))}";
    }

    private sealed class Inspection : GroupOperation
    {
        public GroupStatus? Status { get; private set; }

        public override void Complete(GroupStatus? status, string? refusal) => Status = status;
    }
}
