using Grpc.Core;
using Microsoft.Extensions.Logging;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>Takes in the streams that other nodes dial.</summary>
internal sealed partial class PeerService(GrpcTransport transport, ILogger<PeerService> logger) : PeerProtocol.ServiceBase
{
    public override Task Control(IAsyncStreamReader<DeliveredFrames> requests, IServerStreamWriter<FramesMessage> responses, ServerCallContext context) =>
        ReceiveAsync(Lane.Control, requests, responses, context);

    public override Task Bulk(IAsyncStreamReader<DeliveredFrames> requests, IServerStreamWriter<FramesMessage> responses, ServerCallContext context) =>
        ReceiveAsync(Lane.Bulk, requests, responses, context);

    public override Task Snapshot(IAsyncStreamReader<DeliveredFrames> requests, IServerStreamWriter<FramesMessage> responses, ServerCallContext context) =>
        ReceiveAsync(Lane.Snapshot, requests, responses, context);

    private async Task ReceiveAsync(
        Lane lane, IAsyncStreamReader<DeliveredFrames> requests, IServerStreamWriter<FramesMessage> responses, ServerCallContext context)
    {
        ITransportReceiver receiver = transport.Receiver ?? throw new RpcException(new Status(StatusCode.Unavailable, "The node is not ready for peers."));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, transport.Stopping);
        var stream = new LaneReceiver(lane, receiver, transport.Options.MaxMessageSize);
        stream.Attach();
        try
        {
            if (!await requests.MoveNext(ending.Token).ConfigureAwait(false) || stream.Welcome is null)
                return;
            await AnswerAsync(stream.Welcome, responses).ConfigureAwait(false);
            if (!stream.IsAccepted)
                return;
            while (await requests.MoveNext(ending.Token).ConfigureAwait(false))
            {
                // The frames went to their sink while the message was read.
            }
        }
        catch (WireFormatException e)
        {
            LogMalformed(logger, lane, context.Peer, e.Message);
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            LogEnded(logger, lane, context.Peer, e.Message);
            throw new RpcException(new Status(StatusCode.Unavailable, "The node ended the stream."));
        }
        finally
        {
            stream.Close();
        }
    }

    private static async Task AnswerAsync(FrameBuffer welcome, IServerStreamWriter<FramesMessage> responses)
    {
        var message = new FramesMessage();
        message.Add(welcome);
        await responses.WriteAsync(message).ConfigureAwait(false);
        message.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Lane} stream from {Peer} is closed, because it is malformed: {Reason}")]
    private static partial void LogMalformed(ILogger logger, Lane lane, string peer, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The {Lane} stream from {Peer} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, Lane lane, string peer, string reason);
}
