using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Batches;

/// <summary>
/// The wire form of a batch, on its way to the log and in it: a call with the id 0, which no command has, whose arguments are calls: <c>[0, [id, argument…]…]</c>. And of its reply: an array with an outcome for each.
/// </summary>
internal static class BatchFormat
{
    /// <summary>Stands where a command's id does.</summary>
    public const uint Id = 0;

    /// <summary>The most commands of a batch: they are executed in one go, and other calls wait.</summary>
    public const int CountMax = 1024;

    /// <summary>The most bytes of results in a reply, so that it fits into a message whatever the commands return. Outcomes without a result always have room.</summary>
    public const int ResultBytesMax = 1024 * 1024;

    /// <summary>Writes a batch.</summary>
    public static void Write(ref MessagePackWriter writer, scoped ReadOnlySpan<MachineCommand> commands)
    {
        CallFormat.WriteHeader(ref writer, Id, commands.Length);
        foreach (ref readonly MachineCommand command in commands)
            writer.WriteRaw(command.Bytes.Span);
    }

    /// <summary>Whether a call is a batch. Leaves the reader where it is; bytes that aren't a call aren't a batch either.</summary>
    public static bool IsBatch(in MessagePackReader call)
    {
        MessagePackReader peek = call.CreatePeekReader();
        return CallFormat.ReadHeader(ref peek, out _) == Id;
    }

    /// <summary>Reads the header of a batch, which leaves the reader at the first command.</summary>
    /// <exception cref="InvalidCommandException">It has no commands or too many.</exception>
    public static int ReadHeader(ref MessagePackReader reader)
    {
        CallFormat.ReadHeader(ref reader, out int count);
        return count is > 0 and <= CountMax ? count : throw new InvalidCommandException($"A batch has 1 to {CountMax} commands, and this one has {count}.");
    }

    /// <summary>Refuses a batch in a batch.</summary>
    /// <exception cref="InvalidCommandException">The next command is one.</exception>
    public static void CheckCommand(in MessagePackReader command)
    {
        if (IsBatch(command))
            throw new InvalidCommandException("it is a batch, and a batch holds commands");
    }

    /// <summary>Decodes what <see cref="BatchReplyWriter"/> wrote.</summary>
    public static BatchOutcome[] ReadReply(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        int count = reader.ReadArrayHeader();
        if (count > CountMax)
            throw new MessagePackSerializationException($"{count} outcomes are more than a batch has commands");
        var outcomes = new BatchOutcome[count];
        for (int i = 0; i < count; i++)
            outcomes[i] = ReadOutcome(ref reader, body);
        return reader.End ? outcomes : throw new MessagePackSerializationException("bytes follow the outcomes");
    }

    private static BatchOutcome ReadOutcome(ref MessagePackReader reader, ReadOnlyMemory<byte> body)
    {
        int parts = reader.ReadArrayHeader();
        var status = (ReplyStatus)reader.ReadByte();
        switch (status, parts)
        {
            case (ReplyStatus.Ok, 2):
                int start = (int)reader.Consumed;
                ValueFormat.Skip(ref reader);
                return new BatchOutcome(status, body[start..(int)reader.Consumed], null, null);
            case (ReplyStatus.Rejected, 3):
                return new BatchOutcome(status, default, reader.ReadString() ?? "", reader.ReadString() ?? "");
            case (ReplyStatus.Failed, 2):
                return new BatchOutcome(status, default, reader.ReadString() ?? "", null);
            case (ReplyStatus.ReplyUnavailable, 1):
                return new BatchOutcome(status, default, null, null);
            default:
                throw new MessagePackSerializationException($"{status} with {parts} parts is no outcome of a command");
        }
    }
}
