namespace ReplicatedState.Consensus;

/// <summary>An index and the term of the entry there; index 0 with term 0 is the empty log.</summary>
public readonly record struct LogPosition(ulong Index, ulong Term)
{
    /// <summary>True where a log that ends at <paramref name="candidate"/> is at least as up to date as one that ends here (Raft 5.4.1).</summary>
    public bool IsNotAheadOf(LogPosition candidate) =>
        candidate.Term > Term || (candidate.Term == Term && candidate.Index >= Index);

    /// <inheritdoc/>
    public override string ToString() => $"{Term}/{Index}";
}
