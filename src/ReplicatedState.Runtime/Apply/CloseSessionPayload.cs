namespace ReplicatedState.Runtime.Apply;

/// <summary>The payload of a <see cref="Consensus.EntryKind.CloseSession"/> entry: the session's id as a varint. OpenSession and Tick entries have no payload.</summary>
public static class CloseSessionPayload
{
    /// <summary>The bytes that <see cref="Write"/> writes.</summary>
    public static int Size(ulong session) => Varint.Size(session);

    /// <summary>Writes the payload and returns its size.</summary>
    public static int Write(Span<byte> into, ulong session) => Varint.Write(into, session);

    /// <summary>The session's id.</summary>
    /// <exception cref="InvalidCommandException">The payload is something else.</exception>
    public static ulong Read(ReadOnlySpan<byte> payload) =>
        Varint.TryRead(ref payload, out ulong session) && payload.IsEmpty
            ? session
            : throw new InvalidCommandException("The payload of a CloseSession entry is no session id.");
}
