using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A log store that a node can close and open again, and whose next write or sync can be made to fail.</summary>
internal sealed class KeptLogStore : ILogStore
{
    private readonly MemoryLogStore _inner = new();

    public bool FailsOnSync { get; set; }

    public long Syncs { get; private set; }

    /// <summary>Called before each write.</summary>
    public Action? Writing { get; set; }

    public IReadOnlyList<GroupId> Groups => _inner.Groups;

    public StoredGroup Load(GroupId group) => _inner.Load(group);

    public void Write(GroupId group, Persist operation)
    {
        Writing?.Invoke();
        _inner.Write(group, operation);
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

    public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax) => _inner.Read(group, from, into, bytesMax);

    public ulong TermAt(GroupId group, ulong index) => _inner.TermAt(group, index);

    public bool Maintain() => false;

    public void Dispose()
    {
        // Kept for the next start.
    }
}
