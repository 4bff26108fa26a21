using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What of a node's log store outlives the node: everything that was synced, and of the rest a prefix that the crash decides.</summary>
internal sealed class SimulatedLogMedium
{
    private readonly SortedDictionary<GroupId, GroupImage> _durable = [];
    private readonly Queue<StoredChange> _unsynced = new();

    /// <summary>Groups that something durable is known of.</summary>
    public IEnumerable<KeyValuePair<GroupId, GroupImage>> Groups => _durable;

    /// <summary>Something was written and isn't durable yet.</summary>
    public void Write(StoredChange change) => _unsynced.Enqueue(change);

    /// <summary>Everything written so far is durable.</summary>
    public void Sync()
    {
        while (_unsynced.TryDequeue(out StoredChange? change))
            change.ApplyTo(_durable);
    }

    /// <summary>Power is lost: of what wasn't synced, the first few changes survive.</summary>
    public void LosePower(SeededRandom random)
    {
        for (int surviving = _unsynced.Count == 0 ? 0 : random.Between(0, _unsynced.Count); surviving > 0; surviving--)
            _unsynced.Dequeue().ApplyTo(_durable);
        _unsynced.Clear();
    }
}

/// <summary>One group in a log store.</summary>
internal sealed class GroupImage
{
    public EntryLog Log { get; } = new(SnapshotMeta.None);

    public HardState HardState { get; set; }

    public void CopyFrom(GroupImage other)
    {
        Log.CopyFrom(other.Log);
        HardState = other.HardState;
    }

    public static GroupImage Of(SortedDictionary<GroupId, GroupImage> images, GroupId group)
    {
        if (!images.TryGetValue(group, out GroupImage? image))
            images.Add(group, image = new GroupImage());
        return image;
    }
}

/// <summary>One change of a log store, with payloads of its own: the node's are recycled when it has been told.</summary>
internal sealed record StoredChange(GroupId Group, HardState? HardState, ulong? TruncateFrom, SnapshotMeta? Replacement, SnapshotMeta? Snapshot, ulong CompactThrough, Entry[] Entries)
{
    public static StoredChange Of(GroupId group, Persist operation)
    {
        var entries = new Entry[operation.Entries.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            Entry entry = operation.Entries[i];
            entries[i] = new Entry(entry.Index, entry.Term, entry.Kind, entry.LogTimeMs, Payload.Of(entry.Payload.Span.ToArray()));
        }

        return new StoredChange(group, operation.HardState, operation.TruncateFrom, operation.Snapshot, null, 0, entries);
    }

    public void ApplyTo(SortedDictionary<GroupId, GroupImage> images)
    {
        GroupImage image = GroupImage.Of(images, Group);
        if (HardState is { } hardState)
            image.HardState = hardState;
        image.Log.Apply(Replacement, TruncateFrom, Entries);
        if (Snapshot is not null && Snapshot.Index > image.Log.Snapshot.Index)
            image.Log.SetSnapshot(Snapshot);
        image.Log.CompactThrough(CompactThrough);
    }
}
