using System.Buffers.Binary;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing.NodeLevel;

// A disk that no longer holds what was synced to it. No algorithm here survives that; the node has to notice, and the others go on without it.
public sealed partial class NodeSimulation
{
    private const string LogPath = "/data/raft";

    private void Damage()
    {
        SimulatedStation station = AnyStation();
        if (_options.Nodes < 3 || !_options.UsesJournal)
            return;
        if (!station.IsUp || station.Trouble.IsStopping || station.Node!.Status.Syncs < 10)
        {
            _events.Add(_clock.NowUs + 500_000, new NodeEvent(NodeEventKind.Damage));
            return;
        }

        station.Disk.CutPowerAt = null;
        Repair(station.Disk);
        if (_options.Faults.DamageIsMisdirection)
        {
            station.Trouble.Damage = SimulatedFault.MisdirectedWrite;
            station.Disk.MisdirectWriteUnder = LogPath;
            _events.Add(_clock.NowUs + _random.Between(300_000, 3_000_000), new NodeEvent(NodeEventKind.RestartDamaged, station.Number));
            return;
        }

        Crash(station);
        station.Disk.PowerOn();
        if (FlipSyncedBit(station.Disk))
            station.Trouble.Damage = SimulatedFault.FlippedBit;
    }

    /// <summary>Once more has been synced behind the write that went elsewhere, a start can tell the hole from a torn end. Before, it can't.</summary>
    private void RestartDamaged(SimulatedStation station)
    {
        StationTrouble trouble = station.Trouble;
        if (trouble.Damage is null || !station.IsUp || trouble.IsStopping)
            return;
        if (trouble.SyncsAtDamage is { } syncs && station.Node!.Status.Syncs >= syncs + 2)
            Crash(station);
        else
            _events.Add(_clock.NowUs + 300_000, new NodeEvent(NodeEventKind.RestartDamaged, station.Number));
    }

    private static void NoticeMisdirection(SimulatedStation station)
    {
        if (station.Disk.MisdirectedWrites > 0 && station.Trouble.SyncsAtDamage is null && station.Node is { } node)
            station.Trouble.SyncsAtDamage = node.Status.Syncs;
    }

    /// <summary>The node has noticed, and never comes back: as an empty one at most, which nobody takes for the old one.</summary>
    private void Retire(SimulatedStation station, SimulatedFault? noticed)
    {
        if (noticed is { } damage)
            _counts.Add(damage);
        Kill(station);
        station.Trouble.IsRetired = true;
        station.Trouble.Damage = null;
        station.Trouble.IsGone = !_random.Chance(500);
        station.Wipe(_random.NextUInt64());
        station.Trouble.ForgetDisk();
        if (!station.Trouble.IsGone)
            _counts.Add(SimulatedFault.WipedNode);
        _log?.Note(station.Number, station.Trouble.IsGone ? "is gone" : "comes back empty");
    }

    /// <summary>Flips a bit that lies before the last batch of a segment, the newest that has more than one; false where there is none. Damage of the last batch can't be told from a torn end.</summary>
    private bool FlipSyncedBit(SimulatedDisk disk)
    {
        foreach (string name in disk.ListFiles(LogPath).Reverse())
        {
            string path = $"{LogPath}/{name}";
            byte[] bytes;
            using (IStorageFile file = disk.Open(path, FileOpenMode.Existing))
            {
                bytes = new byte[file.Length];
                file.Read(0, bytes);
            }

            if (LastBatchIn(bytes) is var end and > 0)
            {
                disk.FlipBit(path, _random.Between(0, end - 1), _random.Between(0, 7));
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the last thing begins that looks like the head of a batch: version 1, type 2, no payload, group 0, index 0.</summary>
    private static int LastBatchIn(ReadOnlySpan<byte> segment)
    {
        const int headerBytes = 40;
        const int alignment = 8;
        for (int at = (segment.Length - headerBytes) & -alignment; at > 0; at -= alignment)
        {
            ReadOnlySpan<byte> header = segment[at..];
            if (BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) == 0x0201 && BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == 0
                && BinaryPrimitives.ReadUInt64LittleEndian(header[16..]) == 0 && BinaryPrimitives.ReadUInt32LittleEndian(header) != 0)
                return at;
        }

        return 0;
    }
}
