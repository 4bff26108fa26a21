using System.Buffers.Binary;
using System.IO.Hashing;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Apply;

/// <summary>A hash of everything that was ever applied: equal on all replicas at equal index, or one of them has diverged.</summary>
internal sealed class ApplyHashChain
{
    private const int HeaderSize = 16 + 8 + 8 + 1 + 4 + 1;

    /// <summary>Stands where an entry's kind does; no kind has this number.</summary>
    private const byte TimerKind = 0xFF;

    /// <summary>Stands there for the events of a command or timer, before its reply.</summary>
    private const byte EventsKind = 0xFE;

    private readonly XxHash128 _hash = new();

    /// <summary>The hash up to and including the last entry.</summary>
    public UInt128 Value { get; set; }

    /// <summary>Value := XXH3-128(Value, index, term, kind, command id, reply).</summary>
    public void Append(in Entry entry, uint commandId, ReplicatedReply reply) => Append(entry, (byte)entry.Kind, commandId, reply);

    /// <summary>The same for a timer that fired before the entry.</summary>
    public void AppendTimer(in Entry entry, uint commandId, ReplicatedReply reply) => Append(entry, TimerKind, commandId, reply);

    /// <summary>The same for what a command emits.</summary>
    public void AppendEvents(in Entry entry, ReadOnlySpan<byte> events) => Append(entry, EventsKind, 0, new ReplicatedReply(ReplyStatus.Ok, events));

    private void Append(in Entry entry, byte kind, uint commandId, ReplicatedReply reply)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt128LittleEndian(header, Value);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], entry.Index);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], entry.Term);
        header[32] = kind;
        BinaryPrimitives.WriteUInt32LittleEndian(header[33..], commandId);
        header[37] = (byte)reply.Status;
        _hash.Append(header);
        _hash.Append(reply.Bytes);
        Value = _hash.GetCurrentHashAsUInt128();
        _hash.Reset();
    }
}
