using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Formation;

/// <summary>Looks at the free space of the data directory, so that the node refuses writes in time instead of failing in the middle of one. Owned by the supervisor.</summary>
internal sealed class SpaceWatch(NodeContext node, IDisk disk, string path)
{
    private long _nextCheckMs;

    /// <summary>Checks when it is time to.</summary>
    public void Look(long nowMs)
    {
        if (nowMs < _nextCheckMs)
            return;
        _nextCheckMs = nowMs + node.Options.Storage.SpaceCheckIntervalMs;
        long free = disk.FreeBytes(path);
        long mark = node.Options.Storage.LowSpaceBytes;
        if (!node.IsSpaceLow && free < mark)
        {
            node.SetSpaceLow(true);
            node.Log.SpaceLow(node.LowSpaceSentence);
        }
        else if (node.IsSpaceLow && free >= mark + (mark / 2))
        {
            // A margin, or the node would flip with every snapshot that comes and goes.
            node.SetSpaceLow(false);
            node.Log.SpaceBack(free);
        }
    }
}
