namespace ReplicatedState.Testing.NodeLevel;

// What goes wrong, and when: power, processes, scheduling, clocks. Links, disks and damage are in files of their own.
public sealed partial class NodeSimulation
{
    private void PlanFaults()
    {
        Plan(NodeEventKind.Partition, _options.PartitionEveryUs);
        Plan(NodeEventKind.Crash, _options.CrashEveryUs);
        Plan(NodeEventKind.BreakStream, _options.BreakStreamEveryUs);
        Plan(NodeEventKind.Pause, _options.PauseEveryUs);
        Plan(NodeEventKind.Kill, _options.Faults.KillEveryUs);
        Plan(NodeEventKind.DiskFailure, _options.Faults.DiskFailureEveryUs);
        Plan(NodeEventKind.SlowDisk, _options.Faults.SlowDiskEveryUs);
        Plan(NodeEventKind.ShortSpace, _options.Faults.ShortSpaceEveryUs);
        Plan(NodeEventKind.ClockFault, _options.Faults.ClockFaultEveryUs);
        Plan(NodeEventKind.Flap, _options.Faults.FlapEveryUs);
        if (_options.Faults.DamageAtUs > 0)
            _events.Add(_options.Faults.DamageAtUs, new NodeEvent(NodeEventKind.Damage));
    }

    private void Fail(NodeEvent e)
    {
        if (e.Kind == NodeEventKind.Restart)
        {
            if (!_stations[e.Node].IsUp && !_stations[e.Node].Trouble.IsGone)
                Start(_stations[e.Node]);
            return;
        }

        if (e.Kind == NodeEventKind.Exit)
        {
            Exit(_stations[e.Node], e.Incarnation);
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
                _counts.Add(SimulatedFault.BrokenStream);
                _streams.BreakOne();
                break;
            case NodeEventKind.Pause:
                Plan(NodeEventKind.Pause, _options.PauseEveryUs);
                PauseOne();
                break;
            case NodeEventKind.Kill:
                Plan(NodeEventKind.Kill, _options.Faults.KillEveryUs);
                KillNow(AnyStation());
                break;
            case NodeEventKind.DiskFailure:
                Plan(NodeEventKind.DiskFailure, _options.Faults.DiskFailureEveryUs);
                FailDiskSoon(AnyStation());
                break;
            case NodeEventKind.SlowDisk:
                Plan(NodeEventKind.SlowDisk, _options.Faults.SlowDiskEveryUs);
                SlowDown(AnyStation());
                break;
            case NodeEventKind.ShortSpace:
                Plan(NodeEventKind.ShortSpace, _options.Faults.ShortSpaceEveryUs);
                ShortenSpace(AnyStation());
                break;
            case NodeEventKind.SpaceBack:
                _stations[e.Node].Disk.CapacityBytes = long.MaxValue;
                break;
            case NodeEventKind.ClockFault:
                Plan(NodeEventKind.ClockFault, _options.Faults.ClockFaultEveryUs);
                DisturbClock(AnyStation().Clock);
                break;
            case NodeEventKind.Flap:
                Plan(NodeEventKind.Flap, _options.Faults.FlapEveryUs);
                Flap();
                break;
            case NodeEventKind.FlapOnce:
                FlapOnce(e.Detail, e.Incarnation);
                break;
            case NodeEventKind.Damage:
                Damage();
                break;
            case NodeEventKind.RestartDamaged:
                RestartDamaged(_stations[e.Node]);
                break;
            default:
                throw new InvalidOperationException($"{e.Kind} is no fault");
        }
    }

    /// <summary>Between two turns, or in the middle of one: instead of one of the next few operations on the disk.</summary>
    private void CrashSoon(SimulatedStation station)
    {
        if (!station.IsUp || station.Trouble.Damage is not null)
            return;
        if (_random.Chance(500))
        {
            station.Disk.CutPowerAt = station.Disk.Operations + _random.Between(1, 20);
            return;
        }

        _counts.Add(SimulatedFault.PowerCut);
        Crash(station);
    }

    private void KillNow(SimulatedStation station)
    {
        if (!station.IsUp || station.Trouble.Damage is not null)
            return;
        _counts.Add(SimulatedFault.ProcessKilled);
        Kill(station);
    }

    private void Crash(SimulatedStation station)
    {
        station.Crash(_random);
        OnDown(station, "loses power");
    }

    private void Kill(SimulatedStation station)
    {
        station.Kill();
        OnDown(station, "is killed");
    }

    private void OnDown(SimulatedStation station, string how)
    {
        station.Trouble.SeeFailures(station.Disk, _counts);
        station.Trouble.IsStopping = false;
        station.Trouble.IsSpaceLow = false;
        _streams.Crash(station.Number);
        _invariants.OnCrash(station.Number);
        _log?.Note(station.Number, how);
        foreach (SimulatedRequest lost in _open.Where(o => o.Value == (station.Number, station.Incarnation)).Select(o => o.Key).ToList())
            _open.Remove(lost);
        _events.Add(_clock.NowUs + _random.Between(1_000, 2_000_000), new NodeEvent(NodeEventKind.Restart, station.Number));
    }

    private void PauseOne()
    {
        int us = _random.Between(10_000, 3_000_000);
        _counts.Add(us > _options.ElectionMsMax * 1000 ? SimulatedFault.LongPause : SimulatedFault.ShortPause);
        AnyStation().PausedUntilUs = _clock.NowUs + us;
    }

    private void DisturbClock(StationClock clock)
    {
        if (_random.Chance(300))
        {
            _counts.Add(SimulatedFault.ClockFreeze);
            clock.FreezeWall(_random.Between(50_000, 5_000_000));
            return;
        }

        _counts.Add(SimulatedFault.ClockStep);
        clock.Step(_random.OneOf(-3_600_000, -5_000, -300, 300, 5_000, 3_600_000));
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
