using System.Text;

namespace ReplicatedState.Runtime.Apply;

/// <summary>What the admitting node writes before a command's own bytes in the payload of an <see cref="Consensus.EntryKind.Command"/> entry.</summary>
/// <remarks>
/// Layout: one byte (low half: format 1; high half: what follows), then the varints session, sequence and acknowledgedUpTo, or else
/// a length byte and the idempotency key, or neither; then, unless anonymous, a varint length and the caller in UTF-8; then the command.
/// </remarks>
public readonly ref struct CommandHeader
{
    /// <summary>The longest idempotency key, in bytes.</summary>
    public const int IdempotencyKeyBytesMax = ReplicatedState.IdempotencyKey.BytesMax;

    /// <summary>The longest caller, in bytes of UTF-8.</summary>
    public const int CallerBytesMax = 256;

    /// <summary>The caller of a command whose sender was not authenticated; takes no room in the entry.</summary>
    public const string Anonymous = "anonymous";

    internal const byte FormatMask = 0x0F;
    internal const byte Format = 0x01;
    internal const byte HasSession = 0x10;
    internal const byte HasIdempotencyKey = 0x20;
    internal const byte HasCaller = 0x40;
    internal const byte Known = FormatMask | HasSession | HasIdempotencyKey | HasCaller;

    /// <summary>The client session, or 0 for none.</summary>
    public ulong Session { get; init; }

    /// <summary>In a session: the command's number, from 1.</summary>
    public ulong Sequence { get; init; }

    /// <summary>In a session: the client has the replies of every sequence up to this one.</summary>
    public ulong AcknowledgedUpTo { get; init; }

    /// <summary>Without a session: up to <see cref="IdempotencyKeyBytesMax"/> bytes under which the reply is kept; empty for none.</summary>
    public ReadOnlySpan<byte> IdempotencyKey { get; init; }

    /// <summary>Who sent the command; null, empty and <see cref="Anonymous"/> are the same.</summary>
    public string? Caller { get; init; }

    /// <summary>Why this can't be written, as a sentence; null where it can. For the admission of calls from outside.</summary>
    public string? Flaw
    {
        get
        {
            if (Session != 0 && !IdempotencyKey.IsEmpty)
                return "A command has a session or an idempotency key, not both.";
            if (IdempotencyKey.Length > IdempotencyKeyBytesMax)
                return $"An idempotency key has at most {IdempotencyKeyBytesMax} bytes, not {IdempotencyKey.Length}.";
            return IsNamed && CallerLength > CallerBytesMax ? $"A caller has at most {CallerBytesMax} bytes of UTF-8, not {CallerLength}." : null;
        }
    }

    /// <summary>The bytes that <see cref="Write"/> writes.</summary>
    /// <exception cref="ArgumentException">There is a <see cref="Flaw"/>.</exception>
    public int Size
    {
        get
        {
            if (Flaw is { } flaw)
                throw new ArgumentException(flaw);
            int size = 1;
            if (Session != 0)
                size += Varint.Size(Session) + Varint.Size(Sequence) + Varint.Size(AcknowledgedUpTo);
            if (!IdempotencyKey.IsEmpty)
                size += 1 + IdempotencyKey.Length;
            if (IsNamed)
                size += Varint.Size((ulong)CallerLength) + CallerLength;
            return size;
        }
    }

    private bool IsNamed => !string.IsNullOrEmpty(Caller) && Caller != Anonymous;

    private int CallerLength => Encoding.UTF8.GetByteCount(Caller!);

    /// <summary>Writes the header to the front of <paramref name="into"/> and returns its size; the command's bytes go behind it.</summary>
    /// <exception cref="ArgumentException">There is a <see cref="Flaw"/>, or no room.</exception>
    public int Write(Span<byte> into)
    {
        if (into.Length < Size)
            throw new ArgumentException($"The header has {Size} bytes, and there is room for {into.Length}.", nameof(into));
        byte flags = Format;
        int at = 1;
        if (Session != 0)
        {
            flags |= HasSession;
            at += Varint.Write(into[at..], Session);
            at += Varint.Write(into[at..], Sequence);
            at += Varint.Write(into[at..], AcknowledgedUpTo);
        }

        if (!IdempotencyKey.IsEmpty)
        {
            flags |= HasIdempotencyKey;
            into[at++] = (byte)IdempotencyKey.Length;
            IdempotencyKey.CopyTo(into[at..]);
            at += IdempotencyKey.Length;
        }

        if (IsNamed)
        {
            flags |= HasCaller;
            at += Varint.Write(into[at..], (ulong)CallerLength);
            at += Encoding.UTF8.GetBytes(Caller, into[at..]);
        }

        into[0] = flags;
        return at;
    }
}
