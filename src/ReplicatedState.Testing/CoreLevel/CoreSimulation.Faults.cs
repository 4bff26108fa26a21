using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

// What goes wrong: links, power, scheduling, operators.
public sealed partial class CoreSimulation
{
    private void PlanFaults()
    {
        Plan(CoreEventKind.Partition, _options.PartitionEveryUs);
        Plan(CoreEventKind.Crash, _options.CrashEveryUs);
        Plan(CoreEventKind.Pause, _options.PauseEveryUs);
        Plan(CoreEventKind.Intervene, _options.InterveneEveryUs);
        Plan(CoreEventKind.Suspend, _options.SuspendEveryUs);
        Plan(CoreEventKind.SetWallClock, _options.SetWallClockEveryUs);
        Plan(CoreEventKind.Reconfigure, _options.ReconfigureEveryUs);
        Plan(CoreEventKind.Distrust, _options.DistrustEveryUs);
    }

    private void Fail(CoreEvent e, CoreNode node)
    {
        if (e.Kind == CoreEventKind.Restart)
        {
            Restart(node);
            return;
        }

        if (e.Kind == CoreEventKind.Resume)
        {
            if (e.Incarnation == node.Incarnation)
                Resume(node);
            return;
        }

        if (!_faulty)
            return;
        switch (e.Kind)
        {
            case CoreEventKind.Distrust:
                Distrust();
                break;
            case CoreEventKind.Trust:
                Trust(node, e.Incarnation);
                break;
            case CoreEventKind.DiskBack:
                PutDiskBack();
                break;
            case CoreEventKind.Partition:
                Partition();
                break;
            case CoreEventKind.HealPartition:
                _network.Heal();
                Plan(CoreEventKind.Partition, _options.PartitionEveryUs);
                break;
            case CoreEventKind.Crash:
                CrashSome();
                break;
            case CoreEventKind.Pause:
                Plan(CoreEventKind.Pause, _options.PauseEveryUs);
                Pause(AnyNode(), _clock.NowUs + _random.Between(10_000, 3_000_000));
                break;
            case CoreEventKind.Suspend:
                Plan(CoreEventKind.Suspend, _options.SuspendEveryUs);
                Suspend(AnyNode());
                break;
            case CoreEventKind.SetWallClock:
                Plan(CoreEventKind.SetWallClock, _options.SetWallClockEveryUs);
                SetWallClock(AnyNode());
                break;
            case CoreEventKind.Intervene:
                Plan(CoreEventKind.Intervene, _options.InterveneEveryUs);
                Intervene();
                break;
            default:
                throw new InvalidOperationException($"{e.Kind} is no fault");
        }
    }

    private void Partition()
    {
        switch (_random.Next(3))
        {
            case 0:
                _network.Isolate(AnyNode().Number);
                break;
            case 1:
                _network.Split(_random.Next(1u << _cluster.Nodes.Count));
                break;
            default:
                for (int cuts = _random.Between(1, _cluster.Nodes.Count * 2); cuts > 0; cuts--)
                {
                    int from = AnyNode().Number;
                    int to = AnyNode().Number;
                    if (from != to)
                        _network.Cut(from, to); // one way only
                }

                break;
        }

        _events.Add(_clock.NowUs + _random.Between(50_000, 5_000_000), new CoreEvent(CoreEventKind.HealPartition, 0));
    }

    private void CrashSome()
    {
        Plan(CoreEventKind.Crash, _options.CrashEveryUs);
        if (!_random.Chance(_options.PowerCutPerMille))
        {
            Crash(AnyNode());
            return;
        }

        foreach (CoreNode node in _cluster.Nodes)
            Crash(node);
    }

    private void Crash(CoreNode node)
    {
        if (!node.IsUp)
            return;
        // What was written and not synced survives as far as the disk happened to get, in order.
        int surviving = node.Pending.Count == 0 ? 0 : _random.Between(0, node.Pending.Count);
        _cluster.Crash(node, surviving);
        _stations[node.Number] = default;
        int us = _random.Chance(_options.QuickRestartPerMille) ? _random.Between(1_000, 50_000) : _random.Between(1_000, 3_000_000);
        _events.Add(_clock.NowUs + us, new CoreEvent(CoreEventKind.Restart, node.Number));
    }

    private void Restart(CoreNode node)
    {
        if (node.IsUp || node == _onOldDisk)
            return;
        _cluster.Restart(node);
        PlanTick(node, _random.Between(0, _options.TickUs));
    }

    private void Intervene()
    {
        CoreNode node = AnyNode();
        if (!IsRunning(node))
            return;
        if (_random.Chance(800))
            _cluster.Transfer(node, AnyNode().Id);
        else if (_random.Chance(500))
            _cluster.StepDown(node);
        else
            _cluster.Campaign(node);
    }

    private void Pause(CoreNode node, long untilUs)
    {
        if (!node.Clock.IsSuspended)
            _stations[node.Number].PausedUntilUs = untilUs;
    }

    /// <summary>The whole machine stands still, its monotonic clock too; when it goes on, its wall clock is right.</summary>
    private void Suspend(CoreNode node)
    {
        if (!IsRunning(node))
            return;
        long untilUs = _clock.NowUs + _random.Between(_options.TickUs / 4, _random.Chance(500) ? 3_000_000 : 3 * _options.TickUs);
        Pause(node, untilUs);
        node.Clock.Suspend(_clock.NowUs);
        _events.Add(untilUs, new CoreEvent(CoreEventKind.Resume, node.Number, node.Incarnation));
    }

    private void Resume(CoreNode node)
    {
        if (!node.Clock.IsSuspended)
            return;
        node.Clock.Resume(_clock.NowUs);
        if (node.IsUp)
            _cluster.Wake(node);
    }

    /// <summary>Somebody sets a wall clock. The node looks at it before anything else happens: set back in the very moment of a suspension, it would hide that.</summary>
    private void SetWallClock(CoreNode node)
    {
        if (!IsRunning(node))
            return;
        node.Clock.SetWall(_clock, _random.Between(-5_000, 5_000));
        _cluster.Wake(node);
    }

    /// <summary>What happens to a paused node happens when it runs again, in the same order.</summary>
    private bool Postponed(long at, CoreEvent e)
    {
        long until = _stations[e.Node].PausedUntilUs;
        bool concernsNode = e.Kind is CoreEventKind.Tick or CoreEventKind.Deliver or CoreEventKind.Synced or CoreEventKind.Report or CoreEventKind.Apply
            or CoreEventKind.SnapshotArrives or CoreEventKind.SnapshotReported;
        if (!concernsNode || until <= at)
            return false;
        _events.Add(until, e);
        return true;
    }

    private CoreNode AnyNode() => _cluster.Nodes[_random.Between(0, _cluster.Nodes.Count - 1)];
}
