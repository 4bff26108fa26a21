namespace ReplicatedState.Consensus;

/// <summary>A read that sees everything it must once <see cref="Index"/> has been applied.</summary>
public readonly record struct ConfirmedRead(ReadContext Context, ulong Index);
