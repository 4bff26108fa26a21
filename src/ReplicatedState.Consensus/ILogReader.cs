namespace ReplicatedState.Consensus;

/// <summary>What the core reads of a group's log: the part that it has handed over to be persisted, durable or not.</summary>
/// <remarks>The executor's copy. It must show an operation's effect from the moment that <see cref="RaftCore.TakeEffects"/> returned it.</remarks>
public interface ILogReader
{
    /// <summary>The first index that entries exist for: one above the snapshot, or above what compaction removed.</summary>
    ulong FirstIndex { get; }

    /// <summary>The last index; <see cref="FirstIndex"/> − 1 where there are no entries.</summary>
    ulong LastIndex { get; }

    /// <summary>The position just below <see cref="FirstIndex"/>, whose term is still known.</summary>
    LogPosition Base { get; }

    /// <summary>The metadata of the newest durable snapshot.</summary>
    SnapshotMeta Snapshot { get; }

    /// <summary>The term at an index from <see cref="Base"/> to <see cref="LastIndex"/>.</summary>
    /// <exception cref="LogReadException">The index is out of range, or the entry can't be read.</exception>
    ulong TermAt(ulong index);

    /// <summary>
    /// Copies entries from an index on into <paramref name="into"/> until it is full, the log ends, or the sizes add up to more than
    /// <paramref name="bytesMax"/> (one entry is always given), and returns how many. Takes no references: the entries are valid until the core's call ends.
    /// </summary>
    /// <exception cref="LogReadException">An entry can't be read.</exception>
    int Read(ulong from, Span<Entry> into, long bytesMax);
}
