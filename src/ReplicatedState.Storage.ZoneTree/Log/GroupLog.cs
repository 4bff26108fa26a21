using ReplicatedState.Consensus;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>What the store keeps in memory of a group: the bounds of its log, and the newest of its own rows. Written by the storage thread, read by any.</summary>
internal sealed class GroupLog(GroupId group, int slot)
{
    // A position is two words: readers get both from one reference.
    private volatile StrongPosition _base = new(default);
    private ulong _lastIndex;

    public GroupId Group => group;

    public int Slot => slot;

    public HardState HardState { get; set; }

    public SnapshotMeta Snapshot { get; set; } = SnapshotMeta.None;

    /// <summary>The position below the first entry.</summary>
    public LogPosition Base
    {
        get => _base.Value;
        set => _base = new StrongPosition(value);
    }

    /// <summary>The last entry; the base's index where there are none.</summary>
    public ulong LastIndex
    {
        get => Volatile.Read(ref _lastIndex);
        set => Volatile.Write(ref _lastIndex, value);
    }

    private sealed class StrongPosition(LogPosition value)
    {
        public LogPosition Value => value;
    }
}
