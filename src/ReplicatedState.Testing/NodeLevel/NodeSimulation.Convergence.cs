using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

// The end of a run: all faults are over, and within a bound every client has written once more, all replicas have the same state, and nothing that was
// acknowledged is missing or was done twice.
public sealed partial class NodeSimulation
{
    private readonly List<Inspection> _inspections = [];
    private int[] _doneBefore = [];

    /// <summary>The nodes that belong to the cluster to the end.</summary>
    private IEnumerable<SimulatedStation> Remaining => _stations.Where(s => !s.Trouble.IsRetired);

    private void Converge()
    {
        if (_faulty)
            EndFaults();
        if (IsWhole())
        {
            _history.Check();
            _finished = true;
            return;
        }

        if (_clock.NowUs > _options.FaultyUs + _options.ConvergeWithinUs)
            throw new SimulationViolationException("liveness", $"the cluster isn't whole again {_options.ConvergeWithinUs / 1_000_000} s after the last fault: {Describe()}");
    }

    private void EndFaults()
    {
        _faulty = false;
        _network.Heal();
        _network.Faults = NetworkFaults.None with { DelayUsMin = 100, DelayUsMax = 200 };
        _doneBefore = [.. _clients.Select(c => c.Done)];
        foreach (SimulatedStation station in _stations)
        {
            station.PausedUntilUs = Math.Min(station.PausedUntilUs, _clock.NowUs);
            station.Disk.CutPowerAt = null;
            Repair(station.Disk);
            station.Trouble.SlowUntilUs = 0;
            station.Clock.Correct();
            if (station.Trouble.Damage is not null && station.IsUp)
                Retire(station, noticed: null); // it is too early for a start to tell
            if (!station.IsUp && !station.Trouble.IsGone)
                Start(station);
        }
    }

    private bool IsWhole()
    {
        for (int i = 0; i < _clients.Length && !_clientsRest; i++)
        {
            if (_clients[i].Done == _doneBefore[i])
                return false; // it hasn't had a fresh write acknowledged
        }

        _clientsRest = true;
        if (_clients.Any(c => c.UnderWay is not null) || _open.Count > 0)
            return false;
        List<GroupStatus?> replicas = [.. Remaining.Select(ReplicaOf)];
        if (replicas.Any(r => r is null || r.Applied != replicas[0]!.Applied || r.Applied != r.LastIndex || r.Commit != r.LastIndex))
        {
            _inspections.Clear();
            return false;
        }

        if (_inspections.Count == 0)
        {
            foreach (SimulatedStation station in Remaining)
            {
                var inspection = new Inspection { Kind = GroupOperationKind.Inspect, Machine = RegisterMachine.MachineName };
                _inspections.Add(inspection);
                station.Node!.Carry(inspection);
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
        GroupStatus first = _inspections[0].Status!;
        foreach (Inspection inspection in _inspections)
        {
            if (inspection.Status!.Applied == first.Applied && (inspection.Status.StateHash != first.StateHash || inspection.Status.ApplyHash != first.ApplyHash))
                throw new SimulationViolationException("I6", $"replicas have different states at {first.Applied}");
        }

        foreach (SimulatedStation station in Remaining)
        {
            byte[] body = QueryLocally(station);
            (ulong total, ulong repeated, Dictionary<ulong, ulong> lastOf) = SimulatedClient.DecodeTotal(body);
            if (repeated > 0)
                throw new SimulationViolationException("I10", $"n{station.Number + 1} executed {repeated} commands twice");
            if (total < _acknowledgedTotal)
                throw new SimulationViolationException("I10", $"n{station.Number + 1} has executed {total} commands although {_acknowledgedTotal} were acknowledged");
            foreach (SimulatedClient client in _clients)
            {
                lastOf.TryGetValue(client.Id, out ulong last);
                if (last < client.Acknowledged || last > client.Number)
                    throw new SimulationViolationException("I10", $"n{station.Number + 1} has executed command {last} of client {client.Id}, whose last acknowledged one is {client.Acknowledged}");
            }
        }
    }

    private static byte[] QueryLocally(SimulatedStation station)
    {
        var request = new SimulatedRequest(static _ => { })
        {
            Machine = RegisterMachine.MachineName,
            Kind = Runtime.Requests.RequestKind.Query,
            Consistency = ReadConsistency.Local,
            Payload = Payload.Of(SimulatedClient.EncodeTotal()),
        };
        station.Node!.Submit(request);
        if (request.Answers != 1 || request.Status != ReplyStatus.Ok)
            throw new SimulationViolationException("I16", $"a local query to n{station.Number + 1} is answered {request.Answers} times, last with {request.Status}: {request.Sentence}");
        return request.Body;
    }

    private static GroupStatus? ReplicaOf(SimulatedStation station) =>
        station.Node?.Status.Groups.FirstOrDefault(g => g.Name == RegisterMachine.MachineName);

    private string Describe()
    {
        string nodes = string.Join("; ", _stations.Select(station =>
        {
            NodeStatus? status = station.Node?.Status;
            string groups = string.Join(", ", (status?.Groups ?? []).Select(g => string.Create(
                CultureInfo.InvariantCulture,
                $"'{g.Name}' {g.Role} leader {g.LeaderName ?? "nobody"} term {g.Term} commit {g.Commit} applied {g.Applied} last {g.LastIndex} first {g.FirstIndex}")));
            return $"n{station.Number + 1} {status?.State.ToString() ?? "down"} {groups}";
        }));
        string clients = string.Join(", ", _clients.Select((c, i) => string.Create(
            CultureInfo.InvariantCulture, $"client {c.Id} done {c.Done} (before {_doneBefore[i]}) {(c.UnderWay is null ? "thinks" : $"waits for {c.UnderWay.Kind} at n{c.Target + 1}")}")));
        return $"{nodes}; {clients}; {_open.Count} open calls";
    }

    private sealed class Inspection : GroupOperation
    {
        public GroupStatus? Status { get; private set; }

        public override void Complete(GroupStatus? status, string? refusal) => Status = status;
    }
}
