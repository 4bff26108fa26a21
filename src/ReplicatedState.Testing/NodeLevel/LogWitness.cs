using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>Remembers what a node's log store said was durable, over all lives of the node, and looks whether a later life finds it.</summary>
internal sealed class LogWitness
{
    private readonly SortedDictionary<GroupId, (StoredGroup Stored, ulong LastTerm)> _synced = [];
    private readonly HashSet<GroupId> _changed = [];

    /// <summary>A store that tells the witness, once it has shown that it lost nothing.</summary>
    /// <exception cref="SimulationViolationException">Something that was synced is missing or different.</exception>
    public ILogStore Watch(ILogStore opened)
    {
        foreach ((GroupId group, (StoredGroup stored, ulong lastTerm)) in _synced)
            Compare(group, stored, lastTerm, opened);
        _changed.UnionWith(opened.Groups);
        OnSynced(opened); // what a start shows counts as durable
        return new WatchedLogStore(opened, this);
    }

    private void Compare(GroupId group, StoredGroup synced, ulong lastTerm, ILogStore opened)
    {
        StoredGroup found = opened.Load(group);
        Holds(found.HardState.Term >= synced.HardState.Term, group, synced, found);
        Holds(found.HardState.Term > synced.HardState.Term || synced.HardState.Vote == RaftId.None || found.HardState.Vote == synced.HardState.Vote, group, synced, found);
        Holds(found.Snapshot.Index >= synced.Snapshot.Index, group, synced, found);
        // A write that wasn't synced may have truncated and appended; without one, everything is as it was.
        if (!_changed.Contains(group))
            Holds(found == synced && LastTermOf(opened, group, found) == lastTerm, group, synced, found);
    }

    private static ulong LastTermOf(ILogStore store, GroupId group, StoredGroup stored) => stored.LastIndex == 0 ? 0 : store.TermAt(group, stored.LastIndex);

    private static void Holds(bool condition, GroupId group, StoredGroup synced, StoredGroup found)
    {
        if (!condition)
            throw new SimulationViolationException("I11", $"the log of group {group} was synced as {Describe(synced)} and is found as {Describe(found)}");
    }

    private static string Describe(StoredGroup group) => $"{group.HardState} base {group.Base} last {group.LastIndex} snapshot {group.Snapshot.Position}";

    private void OnSynced(ILogStore store)
    {
        foreach (GroupId group in _changed)
        {
            StoredGroup stored = store.Load(group);
            _synced[group] = (stored, LastTermOf(store, group, stored));
        }

        _changed.Clear();
    }

    private sealed class WatchedLogStore(ILogStore store, LogWitness witness) : ILogStore
    {
        public IReadOnlyList<GroupId> Groups => store.Groups;

        public StoredGroup Load(GroupId group) => store.Load(group);

        public void Write(GroupId group, Persist operation)
        {
            witness._changed.Add(group);
            store.Write(group, operation);
        }

        public void Sync()
        {
            store.Sync();
            witness.OnSynced(store);
        }

        public void Compact(GroupId group, LogPosition newBase)
        {
            witness._changed.Add(group);
            store.Compact(group, newBase);
        }

        public void SetSnapshot(GroupId group, SnapshotMeta snapshot)
        {
            witness._changed.Add(group);
            store.SetSnapshot(group, snapshot);
        }

        public int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax) => store.Read(group, from, into, bytesMax);

        public ulong TermAt(GroupId group, ulong index) => store.TermAt(group, index);

        public bool Maintain() => store.Maintain();

        public void Dispose() => store.Dispose();
    }
}
