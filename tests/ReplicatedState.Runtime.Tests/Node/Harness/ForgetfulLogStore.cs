using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A store that from some moment on keeps nothing, so that its memory isn't counted as the node's. What the node still wants then is in its log cache.</summary>
internal sealed class ForgetfulLogStore : ILogStore
{
    private readonly MemoryLogStore _inner = new();

    public bool Forgets { get; set; }

    public IReadOnlyList<GroupId> Groups => _inner.Groups;

    public StoredGroup Load(GroupId group) => _inner.Load(group);

    public void Write(GroupId group, Persist operation)
    {
        if (!Forgets)
            _inner.Write(group, operation);
    }

    public void Sync() => _inner.Sync();

    public void Compact(GroupId group, LogPosition newBase) => _inner.Compact(group, newBase);

    public void SetSnapshot(GroupId group, SnapshotMeta snapshot) => _inner.SetSnapshot(group, snapshot);

    public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax) => _inner.Read(group, from, into, bytesMax);

    public ulong TermAt(GroupId group, ulong index) => _inner.TermAt(group, index);

    public bool Maintain() => false;

    public void Dispose() => _inner.Dispose();
}
