using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Determinism;

/// <summary>How calls travel to another process, and what came of them back. Both are of the same build.</summary>
internal static class ProbeWire
{
    public static void WriteCalls(BinaryWriter writer, Type machine, IReadOnlyList<ProbeCall> calls)
    {
        writer.Write(machine.AssemblyQualifiedName!);
        writer.Write(calls.Count);
        foreach (ProbeCall call in calls)
        {
            writer.Write(call.IsQuery);
            writer.Write(call.InPages);
            WriteBytes(writer, call.Payload);
            WriteNumber(writer, call.Stamp.Seed);
            writer.Write(call.Stamp.Index);
            writer.Write(call.Stamp.Now.ToUnixTimeMilliseconds());
            writer.Write(call.Stamp.MachineVersion);
            writer.Write(call.Stamp.Timer?.Value ?? 0);
        }

        writer.Flush();
    }

    public static (string Machine, ProbeCall[] Calls) ReadCalls(BinaryReader reader)
    {
        string machine = reader.ReadString();
        var calls = new ProbeCall[reader.ReadInt32()];
        for (int i = 0; i < calls.Length; i++)
        {
            bool isQuery = reader.ReadBoolean();
            bool inPages = reader.ReadBoolean();
            byte[] payload = ReadBytes(reader);
            var stamp = new CommandStamp(ReadNumber(reader), reader.ReadUInt64(), 1, DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()), reader.ReadInt32(), "anonymous", Ordinal: 0, ReadTimer(reader));
            calls[i] = new ProbeCall(isQuery, inPages, payload, stamp, null!);
        }

        return (machine, calls);
    }

    public static void WriteOutcomes(BinaryWriter writer, IReadOnlyList<ProbeOutcome> outcomes)
    {
        foreach (ProbeOutcome outcome in outcomes)
        {
            writer.Write((byte)outcome.Reply.Status);
            writer.Write(outcome.Reply.Code ?? "");
            writer.Write(outcome.Reply.Message ?? "");
            WriteBytes(writer, outcome.Reply.Body.Span);
            WriteNumber(writer, outcome.StateHash);
        }

        writer.Flush();
    }

    public static ProbeOutcome[] ReadOutcomes(BinaryReader reader, int count)
    {
        var outcomes = new ProbeOutcome[count];
        for (int i = 0; i < count; i++)
        {
            var status = (ReplyStatus)reader.ReadByte();
            string code = reader.ReadString();
            string message = reader.ReadString();
            var reply = new RecordedReply(status, status == ReplyStatus.Ok ? null : code, status == ReplyStatus.Rejected ? message : null, ReadBytes(reader));
            outcomes[i] = new ProbeOutcome(reply, ReadNumber(reader));
        }

        return outcomes;
    }

    private static TimerId? ReadTimer(BinaryReader reader) => reader.ReadUInt64() is var timer and not 0 ? new TimerId(timer) : null;

    private static void WriteBytes(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        byte[] bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private static void WriteNumber(BinaryWriter writer, UInt128 number)
    {
        writer.Write((ulong)(number >> 64));
        writer.Write((ulong)number);
    }

    private static UInt128 ReadNumber(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());
}
