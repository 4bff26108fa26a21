using System.Buffers;
using MessagePack;
using ReplicatedState.Batches;

namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>Batches of encoded commands, and what became of them.</summary>
internal static class EncodedBatch
{
    public static byte[] Of(params byte[][] commands)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        BatchFormat.Write(ref writer, [.. commands.Select(command => new MachineCommand("tally", "any", 1, command))]);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    public static BatchOutcome[] Outcomes(this Answer answer)
    {
        Assert.Equal(ReplyStatus.Ok, answer.Status);
        return BatchFormat.ReadReply(Convert.FromHexString(answer.Body));
    }

    public static long Number(this BatchOutcome outcome)
    {
        Assert.Equal(ReplyStatus.Ok, outcome.Status);
        return new MessagePackReader(outcome.Result).ReadInt64();
    }
}
