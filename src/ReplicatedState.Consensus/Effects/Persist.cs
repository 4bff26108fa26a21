namespace ReplicatedState.Consensus;

/// <summary>One operation of a group's persist queue. Operations become durable in the order in which they were taken.</summary>
/// <remarks>
/// The executor writes truncation, entries, hard state and snapshot metadata as one unit, syncs where <see cref="MustSync"/> says so,
/// sends <see cref="AfterDurable"/>, and reports <see cref="RaftCore.OnPersisted"/>. Taking it over means holding a reference to each entry.
/// </remarks>
public sealed class Persist
{
    /// <summary>Identifies the operation to the core; counts up.</summary>
    public ulong Token { get; internal set; }

    /// <summary>Term, vote and commit to write, where they changed.</summary>
    public HardState? HardState { get; internal set; }

    /// <summary>Drop everything from this index up before writing <see cref="Entries"/>.</summary>
    public ulong? TruncateFrom { get; internal set; }

    /// <summary>Contiguous entries to write; each holds a reference that the executor releases when the operation has ended.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>A snapshot that replaces the log up to its index; whatever stood in the log below or beyond it is dropped.</summary>
    public SnapshotMeta? Snapshot { get; internal set; }

    /// <summary>Whether the messages must wait for a sync: term or vote changed, or entries, truncation or a snapshot are present.</summary>
    public bool MustSync { get; internal set; }

    /// <summary>The end of the log that the operation attests; its acknowledgement counts only while that still stands.</summary>
    public LogPosition Attested { get; internal set; }

    /// <summary>Messages that may leave only when the operation is durable.</summary>
    public List<Message> AfterDurable { get; } = [];

    /// <summary>The operation that gives a group its first entries, made by whoever creates the group; takes a reference to each entry.</summary>
    /// <param name="hardState">The term of the entries, no vote, and how many of them are committed by definition.</param>
    /// <param name="entries">The entries from index 1 on.</param>
    /// <param name="replaceFrom">1 where an attempt that a crash interrupted may have left entries.</param>
    public static Persist OfFirstEntries(HardState hardState, ReadOnlySpan<Entry> entries, ulong? replaceFrom)
    {
        var operation = new Persist { HardState = hardState, TruncateFrom = replaceFrom, MustSync = true, Attested = entries[^1].Position };
        foreach (ref readonly Entry entry in entries)
        {
            entry.Retain();
            operation.Entries.Add(entry);
        }

        return operation;
    }

    /// <summary>
    /// The operation with which an operator's tool puts entries behind a log that no core runs: without a vote, and in nobody's term. What they mean is the tool's to answer for.
    /// Takes a reference to each entry.
    /// </summary>
    /// <param name="hardState">The term of the entries, no vote, and the commit index as it was.</param>
    /// <param name="entries">The entries; they follow the log, or what is left of it.</param>
    /// <param name="replaceFrom">Where the entries of an interrupted attempt may begin.</param>
    public static Persist OfForcedEntries(HardState hardState, ReadOnlySpan<Entry> entries, ulong? replaceFrom) => OfFirstEntries(hardState, entries, replaceFrom);

    internal void Clear()
    {
        Token = 0;
        HardState = null;
        TruncateFrom = null;
        Entries.Clear();
        Snapshot = null;
        MustSync = false;
        Attested = default;
        AfterDurable.Clear();
    }
}
