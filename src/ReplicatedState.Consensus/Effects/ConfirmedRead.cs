namespace ReplicatedState.Consensus;

/// <summary>A read that sees everything it must once <see cref="Index"/> has been applied.</summary>
public readonly record struct ConfirmedRead(ReadContext Context, ulong Index)
{
    /// <summary>The term whose lease answered, or 0 where a quorum did: see <see cref="RaftCore.MayAnswer"/>.</summary>
    public ulong LeaseTerm { get; init; }
}
