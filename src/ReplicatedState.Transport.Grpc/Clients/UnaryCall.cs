using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>A unary call on its way through the node: a refusal becomes a gRPC status.</summary>
internal sealed class UnaryCall : NodeRequest
{
    private readonly TaskCompletionSource<WireMessage> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Marshaller<UnaryCall> Marshaller { get; } = new((_, _) => throw new NotSupportedException("This side only receives."), Deserialize);

    /// <summary>How long the client waits; 0 for no limit.</summary>
    public ulong TimeoutMs { get; private init; }

    /// <summary>The encoded reply, or an <see cref="RpcException"/>.</summary>
    public Task<WireMessage> Reply => _reply.Task;

    /// <summary>The largest result that the client takes, in bytes.</summary>
    public int ReplySizeMax { get; set; }

    /// <summary>Why the call can't be submitted; null where it can.</summary>
    public string? Mistake { get; private set; }

    /// <summary>How such a call is refused.</summary>
    public ReplyStatus MistakeStatus { get; private set; }

    /// <summary>Answers without having submitted the call.</summary>
    public void Refuse(ReplyStatus status, string message)
    {
        Payload.Release();
        Answer(new NodeReply { Status = status, Message = message });
    }

    public override void Complete(in NodeReply reply)
    {
        if (reply.Body.Length > ReplySizeMax)
            Answer(ReplyTooLarge.Instead(reply, Kind, ReplySizeMax));
        else
            Answer(reply);
    }

    private void Answer(in NodeReply reply)
    {
        if (reply.Status != ReplyStatus.Ok)
        {
            _reply.TrySetException(RefusalStatus.ToRpcException(reply));
            return;
        }

        int size = NodeReplyCodec.Measure(0, reply);
        WireMessage message = WireMessage.Rent(Math.Max(size, 1));
        var writer = new ProtoWriter(message.Append(size));
        NodeReplyCodec.Write(ref writer, 0, reply);
        _reply.TrySetResult(message);
    }

    private static UnaryCall Deserialize(DeserializationContext context)
    {
        PayloadSlab slab = RequestReader.Copy(context.PayloadAsReadOnlySequence(), context.PayloadLength);
        try
        {
            ClientRequestFields fields = ClientRequestFields.Parse(slab.Bytes.AsSpan(0, context.PayloadLength));

            // The method says what is asked; the field is for the stream.
            fields.Kind = (ulong)RequestKind.Command;
            var call = new UnaryCall { TimeoutMs = fields.TimeoutMs };
            call.MistakeStatus = RequestReader.Fill(call, fields, slab, offset: 0, out string? mistake);
            call.Mistake = mistake;
            return call;
        }
        finally
        {
            slab.Release();
        }
    }
}
