using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Testing.NodeLevel;

// Clients and the way of their calls to a node and back.
public sealed partial class NodeSimulation
{
    private readonly SimulatedClient[] _clients;
    private readonly NodeHistory _history;
    private readonly Dictionary<SimulatedRequest, (int Node, int Incarnation)> _open = [];
    private readonly Dictionary<SimulatedRequest, int> _clientOf = [];
    private ulong _acknowledgedTotal;
    private bool _clientsRest;
    private string? _doubleAnswer;

    private void Act(int number)
    {
        SimulatedClient client = _clients[number];
        if (client.UnderWay is not null || _clientsRest)
            return;
        SimulatedRequest request = client.NextAttempt(_clock.MonotonicMs, _acknowledgedTotal, Answered);
        _clientOf[request] = number;
        if (request.Kind == RequestKind.Command)
            _history.CallAppend(client.Id, client.Number, _clock.NowUs);
        else if (request.Kind == RequestKind.Query)
            _history.CallRead(client.Id, _clock.NowUs);
        _events.Add(_clock.NowUs + _random.Between(50, 2_000), new NodeEvent(NodeEventKind.Submit, client.Target) { Request = request });
        _events.Add((request.DeadlineMs * 1000) + 500_000, new NodeEvent(NodeEventKind.Timeout, 0, 0, number) { Request = request });
    }

    private void Submit(SimulatedStation station, SimulatedRequest request)
    {
        if (station.Node is not { } node)
            return; // nobody there: the client's patience decides
        _open.Add(request, (station.Number, station.Incarnation));
        node.Submit(request);
    }

    private void Answered(SimulatedRequest request)
    {
        // Called within a node's turn: nothing may be thrown here that the node would take for its own failure.
        if (request.Answers > 1)
            _doubleAnswer ??= $"a call was answered {request.Answers} times, last with {request.Status}";
        _open.Remove(request);
        if (_clientOf.Remove(request, out int client))
            _events.Add(_clock.NowUs + _random.Between(50, 2_000), new NodeEvent(NodeEventKind.Answer, 0, 0, client) { Request = request });
    }

    private void OnAnswer(int number, SimulatedRequest request)
    {
        if (_doubleAnswer is not null)
            throw new SimulationViolationException("I16", _doubleAnswer);
        SimulatedClient client = _clients[number];
        if (client.UnderWay != request)
            return; // it has given this attempt up
        _trace.Add(((ulong)request.Status << 32) ^ request.Index);
        ulong total = client.OnAnswer(request);
        Record(client.Id, request, total);
        _acknowledgedTotal = Math.Max(_acknowledgedTotal, total);
        bool refused = request.Status != ReplyStatus.Ok;
        PlanAct(number, refused ? Math.Max(_options.ThinkUs, 20_000) : _options.ThinkUs);
    }

    private void Record(ulong client, SimulatedRequest request, ulong total)
    {
        if (request.Status != ReplyStatus.Ok)
            return;
        if (request.Kind == RequestKind.Command)
        {
            _history.ReturnAppend(client, total, _clock.NowUs);
        }
        else if (request.Kind == RequestKind.Query)
        {
            (ulong seen, _, Dictionary<ulong, ulong> lastOf) = SimulatedClient.DecodeTotal(request.Body);
            _history.ReturnRead(client, request.Index, seen, lastOf, _clock.NowUs);
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
        _events.Add(_clock.NowUs + _random.Between(1, 2 * meanUs), new NodeEvent(NodeEventKind.ClientActs, 0, 0, client));
}
