namespace ReplicatedState.Consensus;

/// <summary>One entry of a group's log.</summary>
/// <remarks>
/// The payload is a slice of a reference-counted slab. Whoever keeps an entry beyond the call that handed it over
/// calls <see cref="Retain"/>, and <see cref="Release"/> when done; everybody else just reads it.
/// </remarks>
public readonly struct Entry(ulong index, ulong term, EntryKind kind, long logTimeMs, Payload payload)
{
    /// <summary>Bytes that an entry is counted with beyond its payload, in flow control and in the caps.</summary>
    public const int OverheadBytes = 32;

    /// <summary>The position in the log; the first is 1.</summary>
    public readonly ulong Index = index;

    /// <summary>The term in which a leader appended it.</summary>
    public readonly ulong Term = term;

    /// <summary>What the payload is.</summary>
    public readonly EntryKind Kind = kind;

    /// <summary>The log's time in Unix milliseconds; never less than the previous entry's.</summary>
    public readonly long LogTimeMs = logTimeMs;

    /// <summary>The content.</summary>
    public readonly Payload Payload = payload;

    /// <summary>What the entry counts in byte limits.</summary>
    public long SizeBytes => OverheadBytes + Payload.Length;

    /// <summary>Where the entry stands.</summary>
    public LogPosition Position => new(Index, Term);

    /// <summary>Keeps the payload alive for one more holder.</summary>
    public void Retain() => Payload.Retain();

    /// <summary>Gives the payload up for one holder.</summary>
    public void Release() => Payload.Release();

    /// <inheritdoc/>
    public override string ToString() => $"{Term}/{Index} {Kind} {Payload.Length}B";
}
