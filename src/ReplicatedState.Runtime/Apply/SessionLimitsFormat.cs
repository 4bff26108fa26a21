using MessagePack;

namespace ReplicatedState.Runtime.Apply;

/// <summary>Session limits in snapshots and in the entry that creates a group: an array in the order below.</summary>
internal static class SessionLimitsFormat
{
    private const int PartsCount = 7;

    public static void Write(ref MessagePackWriter writer, SessionLimits limits)
    {
        writer.WriteArrayHeader(PartsCount);
        writer.Write(limits.TtlMs);
        writer.Write(limits.SessionsMax);
        writer.Write(limits.WindowMax);
        writer.Write(limits.SessionReplyBytesMax);
        writer.Write(limits.ReplyBytesMax);
        writer.Write(limits.IdempotencyKeysMax);
        writer.Write(limits.TotalReplyBytesMax);
    }

    /// <exception cref="MessagePackSerializationException">It can't be decoded.</exception>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static SessionLimits Read(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count != PartsCount)
            throw new MessagePackSerializationException($"Session limits have {PartsCount} parts, not {count}.");
        var limits = new SessionLimits
        {
            TtlMs = reader.ReadInt64(),
            SessionsMax = reader.ReadInt32(),
            WindowMax = reader.ReadInt32(),
            SessionReplyBytesMax = reader.ReadInt32(),
            ReplyBytesMax = reader.ReadInt32(),
            IdempotencyKeysMax = reader.ReadInt32(),
            TotalReplyBytesMax = reader.ReadInt64(),
        };
        limits.Validate();
        return limits;
    }
}
