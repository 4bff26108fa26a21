using MessagePack;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A client's call that remembers how it ended, and fails the test if it ends twice.</summary>
internal sealed class TestCall : NodeRequest
{
    public int Completions { get; private set; }

    public ReplyStatus Status { get; private set; }

    public byte[] Body { get; private set; } = [];

    public string? Message { get; private set; }

    public string? Code { get; private set; }

    /// <summary>A watch's page.</summary>
    public EventPageContent Events => EventPageContent.Read(Body);

    public string? LeaderName { get; private set; }

    public ulong Index { get; private set; }

    /// <summary>What the next page is asked for with.</summary>
    public ulong NextCursor { get; private set; }

    public bool IsComplete => Completions > 0;

    public long Number
    {
        get
        {
            var reader = new MessagePackReader(Body);
            return reader.ReadInt64();
        }
    }

    public override void Complete(in NodeReply reply)
    {
        Completions++;
        Assert.Equal(1, Completions);
        Status = reply.Status;
        Body = reply.Body.ToArray();
        Message = reply.Message;
        Code = reply.Code;
        LeaderName = reply.LeaderName;
        Index = reply.Index;
        NextCursor = reply.Cursor;
    }
}
