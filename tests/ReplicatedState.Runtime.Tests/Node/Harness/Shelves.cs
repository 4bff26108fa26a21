using System.Buffers;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A machine that is asked for as many blocks as a test likes; each tells the mark that the state had. For one test class: the hook is static.</summary>
[ReplicatedStateMachine("shelves")]
public sealed partial class Shelves
{
    [State] private long _mark;

    /// <summary>Called before the first block of each result.</summary>
    internal static Action? Hook { get; set; }

    internal static byte[] MarkCall => Encode(static (ref MessagePackWriter writer) => ShelvesWire.MarkCommand.Write(ref writer));

    internal static byte[] MarkedCall => Encode(static (ref MessagePackWriter writer) => ShelvesWire.MarkedQuery.Write(ref writer));

    private delegate void Writing(ref MessagePackWriter writer);

    [Command]
    public long Mark() => ++_mark;

    [Query]
    public long Marked() => _mark;

    [Query]
    [DeterministicSafe("a query changes nothing; the hook is the test's")]
    public async IAsyncEnumerable<(long Mark, byte[] Block)> Blocks(int count, int size)
    {
        Hook?.Invoke();
        for (int i = 0; i < count; i++)
            yield return (_mark, new byte[size]);
    }

    internal static TestCall BlocksCall(int count, int size, ReadConsistency consistency = default) => new()
    {
        Machine = TestCluster.Machine,
        Kind = RequestKind.Query,
        InPages = true,
        Consistency = consistency,
        Payload = Payload.Of(Encode((ref MessagePackWriter writer) => ShelvesWire.BlocksQuery.Write(ref writer, count, size))),
    };

    /// <summary>The marks of a page's blocks.</summary>
    internal static long[] MarksOf(TestCall page)
    {
        Assert.Equal(ReplyStatus.Ok, page.Status);
        var reader = new MessagePackReader(page.Body);
        long[] marks = new long[reader.ReadArrayHeader()];
        for (int i = 0; i < marks.Length; i++)
        {
            Assert.Equal(2, reader.ReadArrayHeader());
            marks[i] = reader.ReadInt64();
            reader.Skip();
        }

        Assert.True(reader.End);
        return marks;
    }

    private static byte[] Encode(Writing write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        write(ref writer);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
