using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Where the entries, the hard states and the snapshot metadata of all groups of a node are kept.</summary>
/// <remarks>
/// Everything that writes is called by one thread, the storage thread. <see cref="Read"/> and <see cref="TermAt"/> may be called by any thread beside it, for
/// indexes that were written before. After any exception from a write or a sync the store is poisoned: every later call throws.
/// </remarks>
public interface ILogStore : IDisposable
{
    /// <summary>The groups that something was ever written for.</summary>
    IReadOnlyList<GroupId> Groups { get; }

    /// <summary>What is stored of a group; for a group never written, <see cref="StoredGroup.Empty"/>.</summary>
    /// <exception cref="StorageFailedException">The stored data is damaged or contradicts itself; the message says where and what to do.</exception>
    StoredGroup Load(GroupId group);

    /// <summary>Writes an operation: hard state, truncation, snapshot, entries, in this order. Visible at once, durable after <see cref="Sync"/>.</summary>
    /// <remarks>
    /// Copies what it keeps of the payloads. A snapshot drops all entries that were stored before and becomes the base that the operation's own entries follow. After a crash
    /// before the sync any prefix of the writes may be found: the hard state without the entries, a truncated suffix in part, entries in part. The term comes first, so that a log
    /// never ends in a term that its hard state doesn't know; the commit index is cut to the entries that are there by <see cref="Load"/>, and the core writes none that reaches into
    /// what the same operation truncates or replaces.
    /// </remarks>
    void Write(GroupId group, Persist operation);

    /// <summary>Returns when everything written so far, by whichever group, is durable.</summary>
    void Sync();

    /// <summary>Gives up the entries up to and including the base, which a durable snapshot covers. Takes effect on disk in its own time.</summary>
    void Compact(GroupId group, LogPosition newBase);

    /// <summary>Records that a snapshot file is durable, without touching entries. Durable after <see cref="Sync"/>.</summary>
    void SetSnapshot(GroupId group, SnapshotMeta snapshot);

    /// <summary>Reads entries as <see cref="ILogReader.Read"/> does; payloads have memory of their own.</summary>
    /// <exception cref="LogReadException">An entry is missing or damaged; the message says where.</exception>
    int Read(GroupId group, ulong from, Span<Entry> into, long bytesMax);

    /// <summary>The term of a stored entry, or of the base.</summary>
    ulong TermAt(GroupId group, ulong index);

    /// <summary>Maintenance between bursts of work: merging, rotation, spare files. Bounded in time; false where nothing was to be done.</summary>
    bool Maintain();
}
