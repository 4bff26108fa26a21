using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A log store that a node can close and open again, and whose next write or sync can be made to fail.</summary>
internal sealed class KeptLogStore : ILogStore
{
    private readonly MemoryLogStore _inner = new();
    private HardState? _torn;

    public bool FailsOnSync { get; set; }

    /// <summary>Reading fails from now on, as that of a disk with a bad sector does.</summary>
    public bool FailsOnRead { get; set; }

    public int FailedReads { get; private set; }

    /// <summary>A group of whose first operation the disk keeps the hard state, and of the later ones nothing, as a crash in the middle of it would leave.</summary>
    public GroupId? Torn { get; set; }

    public long Syncs { get; private set; }

    /// <summary>Called before each write.</summary>
    public Action? Writing { get; set; }

    public IReadOnlyList<GroupId> Groups => Torn is { } torn && _torn is not null ? [.. _inner.Groups, torn] : _inner.Groups;

    public StoredGroup Load(GroupId group) => group == Torn ? StoredGroup.Empty with { HardState = _torn.GetValueOrDefault() } : _inner.Load(group);

    /// <summary>What a backup would hold that is taken now; for logs that no snapshot has cut yet.</summary>
    public KeptLogStore Copy()
    {
        var copy = new KeptLogStore();
        foreach (GroupId group in Groups)
        {
            StoredGroup stored = Load(group);
            Assert.Equal(0UL, stored.Base.Index);
            var entries = new Entry[stored.LastIndex];
            Assert.Equal(entries.Length, Read(group, 1, entries, long.MaxValue));
            copy.Write(group, Persist.OfFirstEntries(stored.HardState, entries, replaceFrom: null));
        }

        return copy;
    }

    public void Write(GroupId group, Persist operation)
    {
        Writing?.Invoke();
        if (group != Torn)
            _inner.Write(group, operation);
        else
            _torn ??= operation.HardState is { } hardState ? hardState with { Commit = 0 } : null;
    }

    public void Sync()
    {
        if (FailsOnSync)
            throw new StorageFailedException("The test lets the sync fail.");
        Syncs++;
        _inner.Sync();
    }

    public void Compact(GroupId group, LogPosition newBase) => _inner.Compact(group, newBase);

    public void SetSnapshot(GroupId group, SnapshotMeta snapshot) => _inner.SetSnapshot(group, snapshot);

    public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax)
    {
        if (!FailsOnRead)
            return _inner.Read(group, from, into, bytesMax);
        FailedReads++;
        throw new LogReadException($"The test lets the reading of entry {from} fail.");
    }

    public ulong TermAt(GroupId group, ulong index) => _inner.TermAt(group, index);

    public bool Maintain() => false;

    public void Dispose()
    {
        // Kept for the next start.
    }
}
