using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Space;

/// <summary>Looks at the free space of the data directory, so that the node refuses writes in time instead of failing in the middle of one. Owned by the supervisor.</summary>
/// <remarks>
/// Below the mark the node takes no proposals, no entries and no snapshots, says why, gives its reserve up and goes on voting and answering queries. Between the mark and one and a half
/// times as much nothing changes, or the node would flip with every snapshot that comes and goes. A write that finds no space all the same stops the node, like any other that fails.
/// </remarks>
internal sealed class SpaceWatch(NodeContext node, DataDirectory directory)
{
    private readonly SpaceReserve _reserve = new(directory.Disk, node.Entropy, directory.ReservePath);
    private long _nextCheckMs;

    /// <summary>Checks when it is time to.</summary>
    public void Look(long nowMs)
    {
        if (nowMs < _nextCheckMs)
            return;
        _nextCheckMs = nowMs + node.Options.Storage.SpaceCheckIntervalMs;
        // A device may be made larger while the node runs.
        SpaceMarks marks = SpaceMarks.Of(node.Options.Storage, directory.Disk.TotalBytes(directory.Path));
        if (marks.LowBytes == 0)
        {
            _reserve.Approach(0);
            return;
        }

        long free = directory.Disk.FreeBytes(directory.Path);
        if (free < marks.LowBytes)
            OnLow(free, marks);
        else if (free >= marks.ResumeBytes)
            OnEnough(free, marks);
        node.FreeBytes = directory.Disk.FreeBytes(directory.Path);
        node.LowSpaceBytes = marks.LowBytes;
    }

    private void OnLow(long free, in SpaceMarks marks)
    {
        if (node.IsSpaceLow)
            return;
        // First nothing more is taken in, then the reserve is there for what can't wait.
        node.LowSpace =
            $"Node {node.Options.Name} takes no writes: {free} bytes are free on the device of {directory.Path}, less than {marks.LowBytes} (storage.low_space). "
            + $"Make room; it resumes when {marks.ResumeBytes} are free.";
        long freed = _reserve.GiveUp();
        node.Log.SpaceLow($"{node.LowSpace} The reserve of {freed} bytes is given up for votes, snapshots and compaction.");
    }

    private void OnEnough(long free, in SpaceMarks marks)
    {
        if (node.IsSpaceLow)
        {
            node.LowSpace = null;
            node.Log.SpaceBack(free);
        }

        _reserve.Approach(marks.ReserveBytes);
    }
}
