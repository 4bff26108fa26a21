using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A store that costs nothing and remembers nothing but what a start needs.</summary>
internal sealed class ForgetfulLogStore : ILogStore
{
    public IReadOnlyList<GroupId> Groups => [];

    public long Syncs { get; private set; }

    public StoredGroup Load(GroupId group) => StoredGroup.Empty;

    public void Write(GroupId group, Persist operation)
    {
        // Nothing is kept.
    }

    public void Sync() => Syncs++;

    public void Compact(GroupId group, LogPosition newBase)
    {
        // There is nothing to give up.
    }

    public void SetSnapshot(GroupId group, SnapshotMeta snapshot)
    {
        // Nothing is kept.
    }

    public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax) => throw new LogReadException("This store keeps nothing.");

    public ulong TermAt(GroupId group, ulong index) => throw new LogReadException("This store keeps nothing.");

    public bool Maintain() => false;

    public void Dispose()
    {
        // There is nothing to close.
    }
}
