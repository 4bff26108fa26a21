using System.Collections.Concurrent;
using ReplicatedState.Client.Wire;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>One call of a client's stream on its way through the node. Pooled.</summary>
internal sealed class StreamCall : NodeRequest
{
    private const int PooledMax = 16 * 1024;
    private static readonly ConcurrentQueue<StreamCall> Pool = new();
    private static int _pooled;

    private StreamCall()
    {
    }

    /// <summary>The client's number for the call.</summary>
    public ulong Id { get; set; }

    /// <summary>How long the client waits; 0 for no limit.</summary>
    public ulong TimeoutMs { get; set; }

    /// <summary>Why the call can't be submitted; null where it can.</summary>
    public string? Mistake { get; set; }

    /// <summary>How such a call is refused.</summary>
    public ReplyStatus MistakeStatus { get; set; }

    /// <summary>The next call of the same message.</summary>
    public StreamCall? Next { get; set; }

    /// <summary>Where the answer goes.</summary>
    public ReplyStream? Replies { get; set; }

    /// <summary>The largest result that the client takes, in bytes.</summary>
    public int ReplySizeMax { get; set; }

    /// <summary>Makes a call of a received message that lies in a slab.</summary>
    public static StreamCall Read(in ClientRequestFields fields, PayloadSlab slab, int offset)
    {
        if (Pool.TryDequeue(out StreamCall? call))
            Interlocked.Decrement(ref _pooled);
        else
            call = new StreamCall();
        call.Id = fields.Id;
        call.TimeoutMs = fields.TimeoutMs;
        call.MistakeStatus = RequestReader.Fill(call, fields, slab, offset, out string? mistake);
        call.Mistake = mistake;
        return call;
    }

    public override void Complete(in NodeReply reply)
    {
        if (reply.Body.Length > ReplySizeMax)
            Replies!.Write(Id, ReplyTooLarge.Instead(reply, Kind, ReplySizeMax));
        else
            Replies!.Write(Id, reply);
        Recycle();
    }

    /// <summary>Answers without having submitted the call.</summary>
    public void Refuse(ReplyStatus status, string message)
    {
        Payload.Release();
        Complete(new NodeReply { Status = status, Message = message });
    }

    /// <summary>Lets go of the call without an answer.</summary>
    public void Discard()
    {
        Payload.Release();
        Recycle();
    }

    private void Recycle()
    {
        Payload = default;
        IdempotencyKey = default;
        DeadlineMs = long.MaxValue;
        Mistake = null;
        Next = null;
        Replies = null;
        if (Volatile.Read(ref _pooled) >= PooledMax)
            return;
        Interlocked.Increment(ref _pooled);
        Pool.Enqueue(this);
    }
}
