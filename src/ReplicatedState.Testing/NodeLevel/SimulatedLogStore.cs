using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A log store that shows what was written at once and keeps, over a crash, what was synced.</summary>
internal sealed class SimulatedLogStore : ILogStore
{
    private readonly SimulatedLogMedium _medium;
    private readonly SortedDictionary<GroupId, GroupImage> _written = [];

    public SimulatedLogStore(SimulatedLogMedium medium)
    {
        _medium = medium;
        foreach ((GroupId group, GroupImage durable) in medium.Groups)
            GroupImage.Of(_written, group).CopyFrom(durable);
    }

    public IReadOnlyList<GroupId> Groups => [.. _written.Keys];

    public StoredGroup Load(GroupId group) =>
        _written.TryGetValue(group, out GroupImage? image)
            ? new StoredGroup(image.HardState, image.Log.Base, image.Log.LastIndex, image.Log.Snapshot)
            : StoredGroup.Empty;

    public void Write(GroupId group, Persist operation) => Change(StoredChange.Of(group, operation));

    public void Sync() => _medium.Sync();

    public void Compact(GroupId group, LogPosition newBase) => Change(new StoredChange(group, null, null, null, null, newBase.Index, []));

    public void SetSnapshot(GroupId group, SnapshotMeta snapshot) => Change(new StoredChange(group, null, null, null, snapshot, 0, []));

    public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax) => LogOf(group).Read(from, into, bytesMax);

    public ulong TermAt(GroupId group, ulong index) => LogOf(group).TermAt(index);

    public bool Maintain() => false;

    public void Dispose()
    {
    }

    private EntryLog LogOf(GroupId group) =>
        _written.TryGetValue(group, out GroupImage? image) ? image.Log : throw new LogReadException($"The simulated store holds nothing of group {group}.");

    private void Change(StoredChange change)
    {
        change.ApplyTo(_written);
        _medium.Write(change);
    }
}
