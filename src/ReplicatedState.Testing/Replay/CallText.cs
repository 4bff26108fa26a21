using MessagePack;
using ReplicatedState.Batches;

namespace ReplicatedState.Testing.Replay;

/// <summary>Encoded calls and results as humans read them.</summary>
internal static class CallText
{
    private const int LengthMax = 300;

    /// <summary>A result, or the arguments of a call.</summary>
    public static string Of(ReadOnlyMemory<byte> encoded)
    {
        string text;
        try
        {
            text = MessagePackSerializer.ConvertToJson(encoded);
        }
        catch (MessagePackSerializationException)
        {
            text = $"0x{Convert.ToHexString(encoded.Span)}"; // damaged, or it has parts that JSON can't show
        }

        return text.Length <= LengthMax ? text : $"{text.AsSpan(0, LengthMax)}…";
    }

    /// <summary>A call, by the name that the machine gives it: <c>Transfer("a", "b", 5)</c>; of a batch those of all its commands.</summary>
    public static string OfCall(StateMachineManifest manifest, ReadOnlyMemory<byte> call)
    {
        var reader = new MessagePackReader(call);
        if (BatchFormat.IsBatch(reader))
            return OfBatch(manifest, call);
        int count = reader.ReadArrayHeader();
        uint id = reader.ReadUInt32();
        string name = manifest.Commands.Concat(manifest.Queries).FirstOrDefault(member => member.Id == id)?.Name ?? $"command {id}";
        var arguments = new List<string>();
        for (int i = 1; i < count; i++)
        {
            long start = reader.Consumed;
            reader.Skip();
            arguments.Add(Of(call[(int)start..(int)reader.Consumed]));
        }

        return $"{name}({string.Join(", ", arguments)})";
    }

    private static string OfBatch(StateMachineManifest manifest, ReadOnlyMemory<byte> batch)
    {
        var commands = new BatchReader(batch);
        var texts = new List<string>();
        while (commands.TryRead(out ReadOnlyMemory<byte> command))
            texts.Add(OfCall(manifest, command));
        return $"the batch {string.Join("; ", texts)}";
    }
}
