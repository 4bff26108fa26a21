using System.Buffers;
using System.Text;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Apply;

/// <summary>The part of a reply that is equal on every replica: what the apply hash covers and what is kept for retries.</summary>
/// <remarks>The bytes are the encoded result of Ok; a varint length, the code and the message of Rejected; the exception's type of Failed; else nothing.</remarks>
internal readonly ref struct ReplicatedReply(ReplyStatus status, ReadOnlySpan<byte> bytes)
{
    public ReplyStatus Status { get; } = status;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Writes the bytes of a rejection.</summary>
    public static void WriteRejection(IBufferWriter<byte> into, string code, string message)
    {
        int length = Encoding.UTF8.GetByteCount(code);
        Span<byte> room = into.GetSpan(Varint.SizeMax + length);
        int size = Varint.Write(room, (ulong)length);
        size += Encoding.UTF8.GetBytes(code, room[size..]);
        into.Advance(size);
        Encoding.UTF8.GetBytes(message, into);
    }

    /// <summary>Writes the bytes of a failure: the type, not the message, which varies with culture and runtime.</summary>
    /// <remarks>Not the type's full name, which for a generic type holds the assembly versions of its arguments; for any other it is the same.</remarks>
    public static void WriteFailure(IBufferWriter<byte> into, Exception exception) => Encoding.UTF8.GetBytes(exception.GetType().ToString(), into);

    /// <summary>What an exception says of itself. The user's own exceptions may fail even at that, which must not take the replica down.</summary>
    public static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception failure)
        {
            return $"Its message can't be read: {failure.GetType()}.";
        }
    }

    /// <summary>The answer for the caller. <paramref name="localMessage"/> is what only this node knows: the message of the exception that was just thrown here.</summary>
    public NodeReply ToNodeReply(ulong index, ulong term, string? localMessage)
    {
        string? code = null;
        string? message = null;
        switch (Status)
        {
            case ReplyStatus.Ok:
                return new NodeReply { Status = ReplyStatus.Ok, Body = Bytes, Index = index, Term = term };
            case ReplyStatus.Rejected:
                ReadOnlySpan<byte> rest = Bytes;
                Invariant.Holds(Varint.TryRead(ref rest, out ulong codeLength) && codeLength <= (ulong)rest.Length, "a rejection was written by WriteRejection");
                code = Encoding.UTF8.GetString(rest[..(int)codeLength]);
                message = Encoding.UTF8.GetString(rest[(int)codeLength..]);
                break;
            case ReplyStatus.Failed:
                code = Encoding.UTF8.GetString(Bytes);
                message = localMessage ?? $"The command threw {code} when it was executed; only the node that answered then knew the message.";
                break;
            case ReplyStatus.SessionExpired:
                message = "The session is not known: it was closed, or not used for longer than its time to live.";
                break;
            case ReplyStatus.AlreadyAcknowledged:
                message = "The client said before that it has the answer to this sequence.";
                break;
            case ReplyStatus.WindowExceeded:
                message = "The session has too many sequences, or too many bytes of replies, above what its client acknowledged.";
                break;
            case ReplyStatus.ReplyUnavailable:
                message = "The command was executed exactly once, but its reply was too large to be kept.";
                break;
            case ReplyStatus.Overloaded:
                message = "The group has as many sessions or idempotency keys as it may have.";
                break;
        }

        return new NodeReply { Status = Status, Index = index, Term = term, Code = code, Message = message };
    }
}
