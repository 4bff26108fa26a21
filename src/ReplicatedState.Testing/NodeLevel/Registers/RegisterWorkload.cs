using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>Clients that number their commands to a <see cref="RegisterMachine"/> and retry them as the protocol wants it, and that know what they were told.</summary>
internal sealed class RegisterWorkload : NodeWorkload
{
    private readonly Dictionary<SimulatedRequest, int> _clientOf = [];
    private SimulatedClient[] _clients = [];
    private NodeHistory _history = new(0);
    private int[] _doneBefore = [];
    private readonly AcknowledgedTotals _acknowledged = new();
    private SeededRandom _readRandom = new(0);
    private bool _clientsRest;

    public override IReadOnlyList<MachineRegistration> Machines { get; } = [new(RegisterMachine.MachineName, StateMachineDefinition.Of<RegisterMachine>())];

    public override IReadOnlyList<MachineRegistration> UpgradedMachines { get; } = [new(RegisterMachine.MachineName, StateMachineDefinition.Of<UpgradedRegisterMachine>())];

    public override bool CanGoWrong => true;

    public override ulong Acknowledged => (ulong)_clients.Sum(c => c.Done);

    public override int OperationsChecked => _history.Checked;

    public override bool IsHistoryUndecided => _history.IsUndecided;

    public override void Attach(NodeSimulation simulation)
    {
        base.Attach(simulation);
        NodeSimulationOptions options = simulation.Options;
        _clients = [.. Enumerable.Range(1, options.Clients).Select(i => new SimulatedClient((ulong)i, simulation.Random.Fork(), options.Nodes, options.UseSessions)
        {
            Marks = options.Upgrades,
            OnMarkRefused = number => _history.RefuseMark((ulong)i, number),
        })];
        _history = new NodeHistory(options.Clients);
        _readRandom = new SeededRandom(options.ReadSeed);
    }

    public override IDisposable EnterThread() => RegisterMachine.RecordInto(_history);

    public override void Begin()
    {
        for (int i = 0; i < _clients.Length; i++)
            Simulation.Plan(Simulation.Random.Between(0, 1_000_000), new NodeEvent(NodeEventKind.ClientActs, 0, 0, i));
    }

    public override void Happen(in NodeEvent e)
    {
        switch (e.Kind)
        {
            case NodeEventKind.ClientActs:
                Act(e.Detail);
                break;
            case NodeEventKind.Answer:
                OnAnswer(e.Detail, e.Request!);
                break;
            default:
                OnTimeout(e.Detail, e.Request!);
                break;
        }
    }

    public override void OnFaultsOver() => _doneBefore = [.. _clients.Select(c => c.Done)];

    public override bool AreClientsDone()
    {
        for (int i = 0; i < _clients.Length && !_clientsRest; i++)
        {
            if (_clients[i].Done == _doneBefore[i])
                return false; // it hasn't had a fresh write acknowledged
        }

        _clientsRest = true;
        return !_clients.Any(c => c.UnderWay is not null);
    }

    public override void CheckReplica(SimulatedStation station)
    {
        (ulong total, ulong repeated, Dictionary<ulong, ulong> lastOf) = SimulatedClient.DecodeTotal(QueryLocally(station));
        if (repeated > 0)
            throw new SimulationViolationException("I10", $"n{station.Number + 1} executed {repeated} commands twice");
        if (total < _acknowledged.Latest)
            throw new SimulationViolationException("I10", $"n{station.Number + 1} has executed {total} commands although {_acknowledged.Latest} were acknowledged");
        foreach (SimulatedClient client in _clients)
        {
            lastOf.TryGetValue(client.Id, out ulong last);
            if (last < client.Acknowledged || last > client.Number)
                throw new SimulationViolationException("I10", $"n{station.Number + 1} has executed command {last} of client {client.Id}, whose last acknowledged one is {client.Acknowledged}");
        }
    }

    public override void CheckHistory() => _history.Check();

    public override string Describe() => string.Join(", ", _clients.Select((c, i) => string.Create(
        CultureInfo.InvariantCulture, $"client {c.Id} done {c.Done} (before {_doneBefore[i]}) {(c.UnderWay is null ? "thinks" : $"waits for {c.UnderWay.Kind} at n{c.Target + 1}")}")));

    private static byte[] QueryLocally(SimulatedStation station)
    {
        var request = new SimulatedRequest(static _ => { })
        {
            Machine = RegisterMachine.MachineName,
            Kind = RequestKind.Query,
            Consistency = ReadConsistency.Local,
            Payload = Payload.Of(SimulatedClient.EncodeTotal()),
        };
        station.Node!.Submit(request);
        if (request.Answers != 1 || request.Status != ReplyStatus.Ok)
            throw new SimulationViolationException("I16", $"a local query to n{station.Number + 1} is answered {request.Answers} times, last with {request.Status}: {request.Sentence}");
        return request.Body;
    }

    private void Act(int number)
    {
        SimulatedClient client = _clients[number];
        if (client.UnderWay is not null || _clientsRest)
            return;
        long nowUs = Simulation.Clock.NowUs;
        SimulatedRequest request = client.NextAttempt(Simulation.Clock.MonotonicMs, () => DrawRead(client), OnAnswered);
        _clientOf[request] = number;
        if (request.Kind == RequestKind.Command)
            _history.CallAppend(client.Id, client.Number, nowUs);
        else if (client.ReadsLinearizably)
            _history.CallRead(client.Id, nowUs);
        Simulation.Send(request, client.Destination, Simulation.Random.Between(50, 2_000));
        Simulation.Plan((request.DeadlineMs * 1000) + 500_000, new NodeEvent(NodeEventKind.Timeout, 0, 0, number) { Request = request });
    }

    /// <summary>Followers answer too, so most queries go to any node; linearizable ones usually to the one that clients use for commands.</summary>
    private (SimulatedRead Read, int? Node) DrawRead(SimulatedClient client)
    {
        SimulatedRead read = SimulatedRead.Draw(_readRandom, Simulation.Clock.NowUs, _acknowledged, client, _clients[_readRandom.Between(0, _clients.Length - 1)]);
        bool anywhere = !read.IsLinearizable || _readRandom.Chance(300);
        return (read, anywhere ? _readRandom.Between(0, Simulation.Options.Nodes - 1) : null);
    }

    private void OnAnswered(SimulatedRequest request)
    {
        if (!Simulation.OnAnswered(request))
            return;
        if (_clientOf.Remove(request, out int client))
            Simulation.Plan(Simulation.Clock.NowUs + Simulation.Random.Between(50, 2_000), new NodeEvent(NodeEventKind.Answer, 0, 0, client) { Request = request });
    }

    private void OnAnswer(int number, SimulatedRequest request)
    {
        SimulatedClient client = _clients[number];
        if (client.UnderWay != request)
            return; // it has given this attempt up
        Simulation.Trace(((ulong)request.Status << 32) ^ request.Index);
        bool isOperation = request.Kind == RequestKind.Command || client.ReadsLinearizably;
        ulong total = client.OnAnswer(request);
        if (isOperation)
            Record(client.Id, request, total);
        _acknowledged.Note(Simulation.Clock.NowUs, total);
        bool refused = request.Status != ReplyStatus.Ok;
        PlanAct(number, refused ? Math.Max(Simulation.Options.ThinkUs, 20_000) : Simulation.Options.ThinkUs);
    }

    private void Record(ulong client, SimulatedRequest request, ulong total)
    {
        if (request.Status != ReplyStatus.Ok)
            return;
        if (request.Kind == RequestKind.Command)
        {
            _history.ReturnAppend(client, total, Simulation.Clock.NowUs);
        }
        else if (request.Kind == RequestKind.Query)
        {
            (ulong seen, _, Dictionary<ulong, ulong> lastOf) = SimulatedClient.DecodeTotal(request.Body);
            _history.ReturnRead(client, request.Index, seen, lastOf, Simulation.Clock.NowUs);
        }
    }

    private void OnTimeout(int number, SimulatedRequest request)
    {
        _clientOf.Remove(request);
        if (_clients[number].UnderWay != request)
            return;
        _clients[number].OnTimeout();
        PlanAct(number, 20_000);
    }

    private void PlanAct(int client, int meanUs) =>
        Simulation.Plan(Simulation.Clock.NowUs + Simulation.Random.Between(1, 2 * meanUs), new NodeEvent(NodeEventKind.ClientActs, 0, 0, client));
}
