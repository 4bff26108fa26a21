namespace ReplicatedState.Runtime.Apply;

/// <summary>The payload of an <see cref="Consensus.EntryKind.Command"/> entry, taken apart. A view: nothing is copied. See <see cref="CommandHeader"/> for the layout.</summary>
public readonly ref struct CommandEnvelope
{
    /// <summary>The client session, or 0 for none.</summary>
    public ulong Session { get; private init; }

    /// <summary>In a session: the command's number, from 1.</summary>
    public ulong Sequence { get; private init; }

    /// <summary>In a session: the client has the replies of every sequence up to this one.</summary>
    public ulong AcknowledgedUpTo { get; private init; }

    /// <summary>The key under which the reply is kept; empty for none.</summary>
    public ReadOnlySpan<byte> IdempotencyKey { get; private init; }

    /// <summary>Who sent the command, in UTF-8; empty for <see cref="CommandHeader.Anonymous"/>.</summary>
    public ReadOnlySpan<byte> Caller { get; private init; }

    /// <summary>The command's own bytes, a flat array <c>[id, argument…]</c>.</summary>
    public ReadOnlyMemory<byte> Command { get; private init; }

    /// <summary>Takes a payload apart.</summary>
    /// <exception cref="InvalidCommandException">It is cut off, of another format, or contradicts itself.</exception>
    public static CommandEnvelope Read(ReadOnlyMemory<byte> payload)
    {
        ReadOnlySpan<byte> rest = payload.Span;
        if (rest.IsEmpty)
            throw Malformed("it is empty");
        byte flags = rest[0];
        if ((flags & CommandHeader.FormatMask) != CommandHeader.Format || (flags & ~CommandHeader.Known) != 0)
            throw Malformed($"its first byte is 0x{flags:x2}, a format that this binary doesn't know");
        rest = rest[1..];

        ulong session = 0, sequence = 0, acknowledgedUpTo = 0;
        if ((flags & CommandHeader.HasSession) != 0)
        {
            session = ReadVarint(ref rest, "session");
            sequence = ReadVarint(ref rest, "sequence");
            acknowledgedUpTo = ReadVarint(ref rest, "acknowledgedUpTo");
            if (session == 0)
                throw Malformed("it names session 0");
        }

        ReadOnlySpan<byte> key = default;
        if ((flags & CommandHeader.HasIdempotencyKey) != 0)
        {
            if (session != 0)
                throw Malformed("it has a session and an idempotency key");
            key = ReadBytes(ref rest, CommandHeader.IdempotencyKeyBytesMax, "idempotency key");
        }

        ReadOnlySpan<byte> caller = default;
        if ((flags & CommandHeader.HasCaller) != 0)
            caller = ReadBytes(ref rest, CommandHeader.CallerBytesMax, "caller");

        return new CommandEnvelope
        {
            Session = session,
            Sequence = sequence,
            AcknowledgedUpTo = acknowledgedUpTo,
            IdempotencyKey = key,
            Caller = caller,
            Command = payload[^rest.Length..],
        };
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> rest, string what) =>
        Varint.TryRead(ref rest, out ulong value) ? value : throw Malformed($"its {what} can't be read");

    private static ReadOnlySpan<byte> ReadBytes(scoped ref ReadOnlySpan<byte> rest, int lengthMax, string what)
    {
        ulong length = ReadVarint(ref rest, what);
        if (length == 0 || length > (ulong)lengthMax || length > (ulong)rest.Length)
            throw Malformed($"its {what} has a length of {length}");
        ReadOnlySpan<byte> bytes = rest[..(int)length];
        rest = rest[(int)length..];
        return bytes;
    }

    private static InvalidCommandException Malformed(string why) => new($"The envelope of the command is malformed: {why}.");
}
