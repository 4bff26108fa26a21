namespace ReplicatedState.Testing.NodeLevel;

// The calls that are under way in nodes, whoever makes them.
public sealed partial class NodeSimulation
{
    private readonly Dictionary<SimulatedRequest, (int Node, int Incarnation)> _open = [];
    private string? _doubleAnswer;

    /// <summary>A call sets out to a node; the answer, if one comes, goes to the request.</summary>
    internal void Send(SimulatedRequest request, int node, long afterUs) =>
        Plan(Clock.NowUs + afterUs, new NodeEvent(NodeEventKind.Submit, node) { Request = request });

    /// <summary>
    /// A node has answered. Called within its turn: nothing may be thrown here that the node would take for its own failure. False where the answer is lost on its way: what a replica says whose state has just gone
    /// wrong, and isn't found out yet, nobody can promise anything about.
    /// </summary>
    internal bool OnAnswered(SimulatedRequest request)
    {
        bool isLost = _open.TryGetValue(request, out (int Node, int Incarnation) asked) && Stations[asked.Node].Slow.HasGoneWrong && request.Status == ReplyStatus.Ok;
        if (request.Answers > 1)
            _doubleAnswer ??= $"a call was answered {request.Answers} times, last with {request.Status}";
        _open.Remove(request);
        return !isLost;
    }

    private void Submit(SimulatedStation station, SimulatedRequest request)
    {
        if (station.Node is not { } node)
        {
            request.OnUnreachable?.Invoke(request); // or the client's patience decides
            return;
        }

        _open.Add(request, (station.Number, station.Incarnation));
        node.Submit(request);
    }

    private void LoseCallsOf(SimulatedStation station)
    {
        foreach (SimulatedRequest lost in _open.Where(o => o.Value == (station.Number, station.Incarnation)).Select(o => o.Key).ToList())
        {
            _open.Remove(lost);
            lost.OnLost?.Invoke(lost);
        }
    }
}
