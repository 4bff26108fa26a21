using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

// Disks that fail, fill up or are slow. After a failure the node has to stop itself at once; it is started again when the disk is repaired.
public sealed partial class NodeSimulation
{
    private readonly FaultCounts _counts = new();

    /// <summary>After every turn of a node: whether its disk has failed, and whether it has stopped itself for that, and for nothing else.</summary>
    private void Watch(SimulatedStation station)
    {
        if (station.Disk.IsOff)
        {
            _counts.Add(SimulatedFault.PowerCutInOperation);
            Crash(station);
            return;
        }

        StationTrouble trouble = station.Trouble;
        if (trouble.Damage is not null)
            NoticeMisdirection(station);
        if (station.Node?.Failure is not { } failure)
        {
            if (trouble.HasNewFailure(station.Disk))
                throw new SimulationViolationException("P10", $"n{station.Number + 1} goes on after its disk has failed: {station.Disk.LastOperation}");
            return;
        }

        if (trouble.IsStopping)
            return;
        if (!trouble.HasNewFailure(station.Disk) && trouble.Damage is null)
            throw new SimulationViolationException("node", $"n{station.Number + 1} stopped itself: {failure.Sentence} {failure.Cause}");
        trouble.IsStopping = true;
        _events.Add(_clock.NowUs + _random.Between(200_000, 800_000), new NodeEvent(NodeEventKind.Exit, station.Number, station.Incarnation));
    }

    /// <summary>A node that stopped itself has answered everybody; now its process ends, and somebody repairs the disk.</summary>
    private void Exit(SimulatedStation station, int incarnation)
    {
        if (!station.IsUp || station.Incarnation != incarnation)
            return;
        if (station.PausedUntilUs == 0 && _open.ContainsValue((station.Number, incarnation)))
            throw new SimulationViolationException("I16", $"n{station.Number + 1} has stopped itself and left calls without an answer");
        EndAndRepair(station);
    }

    private void EndAndRepair(SimulatedStation station)
    {
        if (station.Trouble.Damage is { } damage)
        {
            Retire(station, damage);
            return;
        }

        if (_random.Chance(500))
            Kill(station);
        else
            Crash(station);
        Repair(station.Disk);
    }

    private static void Repair(SimulatedDisk disk)
    {
        disk.FailWriteAt = null;
        disk.FailSyncAt = null;
        disk.CapacityBytes = long.MaxValue;
    }

    /// <summary>A node doesn't start. Its disk failed just then, or was damaged before; everything else is a broken promise.</summary>
    private void OnRefused(SimulatedStation station, StorageFailedException refusal)
    {
        if (station.Trouble.Damage is null && !station.Trouble.HasNewFailure(station.Disk))
            throw new SimulationViolationException("node", $"n{station.Number + 1} doesn't start: {refusal.Message}");
        _log?.Note(station.Number, $"doesn't start: {refusal.Message}");
        EndAndRepair(station);
    }

    private void FailDiskSoon(SimulatedStation station)
    {
        if (station.Trouble.Damage is not null)
            return;
        if (_random.Chance(500))
            station.Disk.FailWriteAt = station.Disk.Writes + _random.Between(1, 30);
        else
            station.Disk.FailSyncAt = station.Disk.Syncs + _random.Between(1, 15);
    }

    /// <summary>From a little above the mark at which nodes refuse writes down to nothing.</summary>
    private void ShortenSpace(SimulatedStation station)
    {
        if (station.Trouble.Damage is not null)
            return;
        station.Disk.CapacityBytes = station.Disk.UsedBytes + _random.Between(0, 16 * 1024 + _options.Faults.LowSpaceBytes);
        _events.Add(_clock.NowUs + _random.Between(500_000, 5_000_000), new NodeEvent(NodeEventKind.SpaceBack, station.Number));
    }

    private void NoticeSpace(SimulatedStation station, NodeStatus status)
    {
        if (status.IsSpaceLow && !station.Trouble.IsSpaceLow)
            _counts.Add(SimulatedFault.LowSpace);
        station.Trouble.IsSpaceLow = status.IsSpaceLow;
    }

    private void SlowDown(SimulatedStation station)
    {
        _counts.Add(SimulatedFault.SlowDisk);
        station.Trouble.SlowUntilUs = _clock.NowUs + _random.Between(300_000, 4_000_000);
    }
}
