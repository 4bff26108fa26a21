namespace ReplicatedState.Testing.NodeLevel;

// What goes wrong between nodes: cut links, one way or both, and links that come and go.
public sealed partial class NodeSimulation
{
    private const int LinksMax = 16;

    private void Partition()
    {
        _log?.Note(null, "links are cut");
        switch (_options.Nodes == 1 ? 3u : _random.Next(4))
        {
            case 0:
                _counts.Add(SimulatedFault.Partition);
                _network.Isolate(AnyStation().Number);
                break;
            case 1:
                _counts.Add(SimulatedFault.Partition);
                _network.Split(1 + _random.Next((1u << _options.Nodes) - 2));
                break;
            case 2:
                (int from, int to) = AnyLink();
                _counts.Add(SimulatedFault.OneWayPartition);
                _network.Cut(from, to);
                break;
            default:
                CutToRing();
                break;
        }

        _events.Add(_clock.NowUs + _random.Between(100_000, 4_000_000), new NodeEvent(NodeEventKind.HealPartition));
    }

    /// <summary>Three nodes are a ring as they are; of them one link is cut.</summary>
    private void CutToRing()
    {
        if (_options.Nodes == 1)
            return;
        _counts.Add(SimulatedFault.RingPartition);
        int first = AnyStation().Number;
        for (int i = 0; i < _options.Nodes; i++)
        {
            for (int k = 0; k < _options.Nodes; k++)
            {
                int distance = Math.Abs(i - k);
                bool areNeighbours = distance == 1 || (distance == _options.Nodes - 1 && _options.Nodes > 3);
                if (i != k && !areNeighbours)
                    _network.Cut((first + i) % _options.Nodes, (first + k) % _options.Nodes);
            }
        }
    }

    private void Flap()
    {
        if (_options.Nodes == 1)
            return;
        (int from, int to) = AnyLink();
        _counts.Add(SimulatedFault.FlappingLink);
        PlanFlap((from * LinksMax) + to, times: 2 * _random.Between(2, 10));
    }

    private void FlapOnce(int link, int times)
    {
        (int from, int to) = (link / LinksMax, link % LinksMax);
        if (times % 2 == 0)
        {
            _network.Cut(from, to);
            _network.Cut(to, from);
        }
        else
        {
            _network.Open(from, to);
            _network.Open(to, from);
        }

        if (times > 1)
            PlanFlap(link, times - 1);
    }

    private void PlanFlap(int link, int times) =>
        _events.Add(_clock.NowUs + _random.Between(10_000, 300_000), new NodeEvent(NodeEventKind.FlapOnce, 0, times, link));

    private (int From, int To) AnyLink()
    {
        int from = AnyStation().Number;
        int to = _random.Between(0, _options.Nodes - 2);
        return (from, to >= from ? to + 1 : to);
    }
}
