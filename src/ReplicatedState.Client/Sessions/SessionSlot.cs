namespace ReplicatedState.Client.Sessions;

/// <summary>One sequence of one session, held by one call from its first attempt to its end.</summary>
internal readonly record struct SessionSlot(ClientSession? Session, ulong Sequence)
{
    /// <summary>True where the call has none yet.</summary>
    public bool IsEmpty => Session is null;
}
