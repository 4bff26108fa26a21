using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A call for which a thread of the test waits.</summary>
internal sealed class WaitedCall : NodeRequest, IDisposable
{
    private readonly ManualResetEventSlim _done = new();
    private ReplyStatus _status;

    public long Number { get; private set; }

    public bool IsComplete => _done.IsSet;

    /// <summary>Adds one to "a" of a tally.</summary>
    public static WaitedCall Command(string machine) => new() { Kind = RequestKind.Command, Machine = machine, Payload = Payload.Of(Tally.Add("a", 1)) };

    public override void Complete(in NodeReply reply)
    {
        _status = reply.Status;
        if (reply.Status == ReplyStatus.Ok)
        {
            var reader = new MessagePackReader(reply.Body.ToArray());
            Number = reader.ReadInt64();
        }

        _done.Set();
    }

    public void Dispose() => _done.Dispose();

    public ReplyStatus Wait(TimeSpan patience)
    {
        Assert.True(_done.Wait(patience), "the call didn't end");
        return _status;
    }
}
