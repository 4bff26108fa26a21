using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>Decides when things happen in a <see cref="CoreCluster"/>: a simulation by chance, a directed test by its script.</summary>
public interface ICoreClusterHost
{
    /// <summary>A message left. Its entries are valid during the call only: whoever keeps them retains them.</summary>
    void OnSent(CoreNode from, in Message message);

    /// <summary>An operation joined the persist queue.</summary>
    void OnPersistQueued(CoreNode node);

    /// <summary>Entries wait to be applied.</summary>
    void OnApplyQueued(CoreNode node);

    /// <summary>A follower needs the snapshot that <paramref name="leader"/> has now.</summary>
    void OnSnapshotNeeded(CoreNode leader, RaftId follower, SnapshotMeta snapshot);
}
