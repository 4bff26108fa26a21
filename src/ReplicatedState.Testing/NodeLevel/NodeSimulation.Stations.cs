using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

// What becomes of a station: it starts, loses power, is killed, stops itself because of its disk and is started again when that is repaired, or is gone for good.
public sealed partial class NodeSimulation
{
    private void Start(SimulatedStation station)
    {
        Acting = station.Number;
        int incarnation = station.BeginLife();
        SimulatedScheduler? scheduler = null;
        scheduler = new SimulatedScheduler(station.Clock, (actor, atMs, byWish) =>
        {
            long atUs = byWish ? Math.Max(Clock.NowUs, station.Clock.TrueUsAt(atMs)) : Clock.NowUs + TurnDelay(station, scheduler!.NameOf(actor));
            _events.Add(atUs, new NodeEvent(NodeEventKind.Turn, station.Number, incarnation, actor, byWish));
        });
        try
        {
            station.Start(Options, scheduler, Streams.NewTransport(station.Number), Random.Fork(), Log?.For(station.Number));
            if (station.Trouble.Damage != SimulatedFault.RestoredBackup)
                station.Trouble.Damage = null; // it lay where nothing stands any more
        }
        catch (StorageFailedException) when (station.Disk.IsOff)
        {
            Counts.Add(SimulatedFault.PowerCutInOperation);
            Crash(station); // the power went again while it started
        }
        catch (StorageFailedException refusal)
        {
            OnRefused(station, refusal);
        }
    }

    /// <summary>A node loses power, and starts again after a while, of this length or of a random one.</summary>
    internal void Crash(SimulatedStation station, long? downForUs = null)
    {
        station.Crash(Random);
        OnDown(station, "loses power", downForUs);
    }

    /// <summary>A node's process ends, and starts again after a while, of this length or of a random one.</summary>
    internal void Kill(SimulatedStation station, long? downForUs = null)
    {
        station.Kill();
        OnDown(station, "is killed", downForUs);
    }

    private void OnDown(SimulatedStation station, string how, long? downForUs)
    {
        station.Trouble.SeeFailures(station.Disk, Counts);
        station.Trouble.IsStopping = false;
        station.Trouble.IsSpaceLow = false;
        Streams.Crash(station.Number);
        _invariants.OnCrash(station.Number);
        Log?.Note(station.Number, how);
        LoseCallsOf(station);
        _events.Add(Clock.NowUs + (downForUs ?? Random.Between(1_000, 2_000_000)), new NodeEvent(NodeEventKind.Restart, station.Number));
    }

    /// <summary>After every turn of a node: whether its disk has failed, and whether it has stopped itself for that, and for nothing else.</summary>
    private void Watch(SimulatedStation station)
    {
        if (station.Disk.IsOff)
        {
            Counts.Add(SimulatedFault.PowerCutInOperation);
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
        _events.Add(Clock.NowUs + Random.Between(200_000, 800_000), new NodeEvent(NodeEventKind.Exit, station.Number, station.Incarnation));
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

        if (Random.Chance(500))
            Kill(station);
        else
            Crash(station);
        Repair(station.Disk);
    }

    internal static void Repair(SimulatedDisk disk)
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
        Log?.Note(station.Number, $"doesn't start: {refusal.Message}");
        EndAndRepair(station);
    }

    private void NoticeSpace(SimulatedStation station, NodeStatus status)
    {
        if (status.IsSpaceLow && !station.Trouble.IsSpaceLow)
            Counts.Add(SimulatedFault.LowSpace);
        station.Trouble.IsSpaceLow = status.IsSpaceLow;
    }

    private static void NoticeMisdirection(SimulatedStation station)
    {
        if (station.Disk.MisdirectedWrites > 0 && station.Trouble.SyncsAtDamage is null && station.Node is { } node)
            station.Trouble.SyncsAtDamage = node.Status.Syncs;
    }

    /// <summary>The node has noticed, and never comes back: as an empty one at most, which nobody takes for the old one.</summary>
    internal void Retire(SimulatedStation station, SimulatedFault? noticed)
    {
        if (noticed is { } damage)
            Counts.Add(damage);
        Kill(station);
        station.Trouble.IsRetired = true;
        station.Trouble.Damage = null;
        station.Trouble.IsGone = !Random.Chance(500);
        station.Wipe(Random.NextUInt64());
        station.Trouble.ForgetDisk();
        if (!station.Trouble.IsGone)
            Counts.Add(SimulatedFault.WipedNode);
        Log?.Note(station.Number, station.Trouble.IsGone ? "is gone" : "comes back empty");
    }
}
