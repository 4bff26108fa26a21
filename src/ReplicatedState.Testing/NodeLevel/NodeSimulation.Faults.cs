namespace ReplicatedState.Testing.NodeLevel;

// What goes wrong: streams, links, power, scheduling.
public sealed partial class NodeSimulation
{
    private void PlanFaults()
    {
        Plan(NodeEventKind.Partition, _options.PartitionEveryUs);
        Plan(NodeEventKind.Crash, _options.CrashEveryUs);
        Plan(NodeEventKind.BreakStream, _options.BreakStreamEveryUs);
        Plan(NodeEventKind.Pause, _options.PauseEveryUs);
    }

    private void Fail(NodeEvent e)
    {
        if (e.Kind == NodeEventKind.Restart)
        {
            if (!_stations[e.Node].IsUp)
                Start(_stations[e.Node]);
            return;
        }

        if (!_faulty)
            return;
        switch (e.Kind)
        {
            case NodeEventKind.Partition:
                Partition();
                break;
            case NodeEventKind.HealPartition:
                _network.Heal();
                Plan(NodeEventKind.Partition, _options.PartitionEveryUs);
                break;
            case NodeEventKind.Crash:
                Plan(NodeEventKind.Crash, _options.CrashEveryUs);
                CrashSoon(AnyStation());
                break;
            case NodeEventKind.BreakStream:
                Plan(NodeEventKind.BreakStream, _options.BreakStreamEveryUs);
                _streams.BreakOne();
                break;
            case NodeEventKind.Pause:
                Plan(NodeEventKind.Pause, _options.PauseEveryUs);
                AnyStation().PausedUntilUs = _clock.NowUs + _random.Between(10_000, 3_000_000);
                break;
            default:
                throw new InvalidOperationException($"{e.Kind} is no fault");
        }
    }

    private void Partition()
    {
        _log?.Note(null, "links are cut");
        switch (_random.Next(3))
        {
            case 0:
                _network.Isolate(AnyStation().Number);
                break;
            case 1:
                _network.Split(_random.Next(1u << _options.Nodes));
                break;
            default:
                int from = AnyStation().Number;
                int to = AnyStation().Number;
                if (from != to)
                    _network.Cut(from, to);
                break;
        }

        _events.Add(_clock.NowUs + _random.Between(100_000, 4_000_000), new NodeEvent(NodeEventKind.HealPartition));
    }

    /// <summary>Between two turns, or in the middle of one: instead of one of the next few operations on the disk.</summary>
    private void CrashSoon(SimulatedStation station)
    {
        if (!station.IsUp)
            return;
        if (_random.Chance(300))
            station.Disk.CutPowerAt = station.Disk.Operations + _random.Between(1, 20);
        else
            Crash(station);
    }

    private void Crash(SimulatedStation station)
    {
        station.Crash(_random);
        _streams.Crash(station.Number);
        _invariants.OnCrash(station.Number);
        _log?.Note(station.Number, "loses power");
        foreach (SimulatedRequest lost in _open.Where(o => o.Value == (station.Number, station.Incarnation)).Select(o => o.Key).ToList())
            _open.Remove(lost);
        _events.Add(_clock.NowUs + _random.Between(1_000, 2_000_000), new NodeEvent(NodeEventKind.Restart, station.Number));
    }

    /// <summary>What happens to a paused node happens when it runs again, in the same order.</summary>
    private bool Postponed(long at, NodeEvent e)
    {
        if (e.Kind is not (NodeEventKind.Turn or NodeEventKind.Stream or NodeEventKind.Submit))
            return false;
        long until = _stations[e.Node].PausedUntilUs;
        if (until <= at)
            return false;
        _events.Add(until, e);
        return true;
    }

    private SimulatedStation AnyStation() => _stations[_random.Between(0, _options.Nodes - 1)];

    /// <summary>Plans an event after a time of this mean; 0 means never.</summary>
    private void Plan(NodeEventKind kind, int meanUs)
    {
        if (meanUs > 0)
            _events.Add(_clock.NowUs + _random.Between(1, 2 * meanUs), new NodeEvent(kind));
    }
}
