using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>What a client is told instead of a result that its connection can't take. Sending it would end the stream, and with it every other call.</summary>
internal static class ReplyTooLarge
{
    /// <summary>For a command, that it was executed and its reply is out of reach; for a query, that it can't be answered.</summary>
    public static NodeReply Instead(in NodeReply reply, RequestKind kind, int sizeMax) => new()
    {
        Status = kind == RequestKind.Command ? ReplyStatus.ReplyUnavailable : ReplyStatus.PayloadTooLarge,
        Message = $"The result has {reply.Body.Length} bytes; transport.max_message_size allows {sizeMax}.",
        Index = reply.Index,
        Term = reply.Term,
        Group = reply.Group,
        Epoch = reply.Epoch,
    };
}
