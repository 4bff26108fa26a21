using System.Buffers;
using MessagePack;

namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>The history in a snapshot: <c>[limits, deadline floor, sessions, keys]</c>; sessions by last use and keys by first use, oldest first.</summary>
/// <remarks>Canonical: these orders are part of the replicated state, so equal histories are equal bytes. Where replies lie in memory is not part of it.</remarks>
internal sealed partial class CallHistory
{
    private const int PartsCount = 4;
    private const int SessionPartsCount = 4;
    private const int KeyPartsCount = 4;
    private const int ReplyPartsCount = 3;

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(PartsCount);
        SessionLimitsFormat.Write(ref writer, Limits);
        writer.Write(_deadlineFloorMs);

        writer.WriteArrayHeader(_sessions.Count);
        for (Session? session = _sessions.Oldest; session is not null; session = session.Newer)
        {
            writer.WriteArrayHeader(SessionPartsCount);
            writer.Write(session.Id);
            writer.Write(session.LastUsedMs);
            writer.Write(session.AcknowledgedUpTo);
            writer.WriteArrayHeader(session.OpenCount * ReplyPartsCount);
            foreach ((ulong sequence, KeptReply reply) in session.Executed())
            {
                writer.Write(sequence - session.AcknowledgedUpTo);
                writer.Write((byte)reply.Status);
                writer.Write(_replies.Get(reply.Bytes));
            }
        }

        writer.WriteArrayHeader(_keys.Count);
        foreach (KeyedReply keyed in _keys.All())
        {
            writer.WriteArrayHeader(KeyPartsCount);
            writer.Write(keyed.FirstUsedMs);
            writer.Write((byte)keyed.Status);
            writer.Write(_keys.KeyOf(keyed));
            writer.Write(_keys.ReplyOf(keyed));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote as of a log time.</summary>
    /// <exception cref="InvalidSnapshotException">It contradicts itself.</exception>
    /// <exception cref="MessagePackSerializationException">It can't be decoded.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public static CallHistory Read(ref MessagePackReader reader, UInt128 groupSecret, long logTimeMs)
    {
        ExpectArray(ref reader, PartsCount, "the history of calls");
        var history = new CallHistory(SessionLimitsFormat.Read(ref reader), groupSecret)
        {
            _nowMs = logTimeMs,
            _deadlineFloorMs = reader.ReadInt64(),
        };
        history.ReadSessions(ref reader);
        history.ReadKeys(ref reader);
        return history;
    }

    private void ReadSessions(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        Require(count <= Limits.SessionsMax, "it holds more sessions than its limits allow");
        long lastUsedMs = 0;
        for (int i = 0; i < count; i++)
        {
            ExpectArray(ref reader, SessionPartsCount, "a session");
            ulong id = reader.ReadUInt64();
            long usedMs = reader.ReadInt64();
            Require(id != 0 && !_sessions.TryGet(id, out _), "a session has no id, or comes twice");
            Require(usedMs >= lastUsedMs && usedMs <= _nowMs, "its sessions are not in the order of their last use");
            lastUsedMs = usedMs;
            Session session = _sessions.Open(id, usedMs);
            session.Acknowledge(reader.ReadUInt64());
            ReadReplies(ref reader, session);
        }
    }

    private void ReadReplies(ref MessagePackReader reader, Session session)
    {
        int parts = reader.ReadArrayHeader();
        Require(parts % ReplyPartsCount == 0, "a session's replies are not triples");
        ulong lastAhead = 0;
        for (int i = 0; i < parts; i += ReplyPartsCount)
        {
            ulong ahead = reader.ReadUInt64();
            Require(ahead > lastAhead && ahead <= (ulong)Limits.WindowMax, "a session's sequences are not ascending within its window");
            Require(ahead <= ulong.MaxValue - session.AcknowledgedUpTo, "a session's sequences overflow");
            lastAhead = ahead;
            ReplyStatus status = ReadStatus(ref reader);
            session.Add(session.AcknowledgedUpTo + ahead, new KeptReply(status, Keep(default, ReadBytes(ref reader))));
        }
    }

    private void ReadKeys(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        Require(count <= Limits.IdempotencyKeysMax, "it holds more idempotency keys than its limits allow");
        long lastUsedMs = 0;
        for (int i = 0; i < count; i++)
        {
            ExpectArray(ref reader, KeyPartsCount, "an idempotency key");
            long usedMs = reader.ReadInt64();
            Require(usedMs >= lastUsedMs && usedMs <= _nowMs, "its idempotency keys are not in the order of their first use");
            lastUsedMs = usedMs;
            ReplyStatus status = ReadStatus(ref reader);
            ReadOnlySpan<byte> key = ReadBytes(ref reader);
            Require(key.Length is > 0 and <= CommandHeader.IdempotencyKeyBytesMax, "an idempotency key has a length out of range");
            Require(!_keys.TryGet(key, out _), "an idempotency key comes twice");
            _keys.Add(new KeyedReply(usedMs, status, key.Length, Keep(key, ReadBytes(ref reader))));
        }
    }

    private static ReplyStatus ReadStatus(ref MessagePackReader reader)
    {
        var status = (ReplyStatus)reader.ReadByte();
        Require(status is ReplyStatus.Ok or ReplyStatus.Rejected or ReplyStatus.Failed or ReplyStatus.ReplyUnavailable, $"a kept reply has the status {status}");
        return status;
    }

    private static ReadOnlySpan<byte> ReadBytes(ref MessagePackReader reader)
    {
        ReadOnlySequence<byte> bytes = reader.ReadBytes() ?? throw new MessagePackSerializationException("Bytes are missing.");
        return bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
    }

    private static void ExpectArray(ref MessagePackReader reader, int parts, string what)
    {
        int count = reader.ReadArrayHeader();
        Require(count == parts, $"{what} has {count} parts instead of {parts}");
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
            throw new InvalidSnapshotException($"The snapshot's client calls are damaged: {sentence}.");
    }
}
