using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>Takes in the calls of clients and hands them to the node.</summary>
internal sealed partial class ClientService(GrpcTransport transport, IRequestSink sink, IClock clock, ILogger<ClientService> logger) : StateMachinesProtocol.ServiceBase
{
    public override async Task Call(IAsyncStreamReader<CallBatch> requests, IServerStreamWriter<WireMessage> responses, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, transport.Stopping);
        var replies = new ReplyStream(transport.Options.CallsPerStreamMax);

        // The client sends nothing before it knows that somebody listens: so it can tell what was never sent from what was lost.
        await context.WriteResponseHeadersAsync(Metadata.Empty).ConfigureAwait(false);
        Task writing = replies.RunAsync(responses, ending.Token);
        try
        {
            await ReadAsync(requests, replies, CallerOf(context), ending.Token).ConfigureAwait(false);
            replies.EndWhenAnswered();
            await writing.WaitAsync(ending.Token).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            LogMalformed(logger, context.Peer, e.Message);
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            LogEnded(logger, context.Peer, e.Message);
            throw new RpcException(new Status(StatusCode.Unavailable, "The node ended the stream."));
        }
        finally
        {
            // Nothing may be written after the handler returned; a write that the client doesn't read is cancelled.
            replies.End();
            await ending.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
    }

    public override Task<WireMessage> Apply(UnaryCall request, ServerCallContext context) => SubmitAsync(RequestKind.Command, request, context);

    public override Task<WireMessage> Read(UnaryCall request, ServerCallContext context) => SubmitAsync(request.Cursor == 0 ? RequestKind.Query : RequestKind.Page, request, context);

    public override Task<WireMessage> Watch(UnaryCall request, ServerCallContext context) => SubmitAsync(RequestKind.Watch, request, context);

    public override Task<WireMessage> OpenSession(UnaryCall request, ServerCallContext context) => SubmitAsync(RequestKind.OpenSession, request, context);

    public override Task<WireMessage> CloseSession(UnaryCall request, ServerCallContext context) => SubmitAsync(RequestKind.CloseSession, request, context);

    private async Task ReadAsync(IAsyncStreamReader<CallBatch> requests, ReplyStream replies, string caller, CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            if (!Submit(requests.Current, replies, caller))
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "The client sends calls without reading its replies."));
        }
    }

    private bool Submit(CallBatch batch, ReplyStream replies, string caller)
    {
        while (batch.TryTake(out StreamCall? call))
        {
            call.Replies = replies;
            call.Caller = caller;
            call.DeadlineMs = Deadline(call.TimeoutMs);
            call.ReplySizeMax = transport.Options.MaxMessageSize;
            switch (replies.Admit())
            {
                case Admission.HangUp:
                    call.Discard();
                    batch.Discard();
                    return false;
                case Admission.Refuse:
                    call.Refuse(ReplyStatus.Overloaded, $"More than {transport.Options.CallsPerStreamMax} calls of the stream are unanswered.");
                    break;
                case Admission.Submit when call.Mistake is { } mistake:
                    call.Refuse(call.MistakeStatus, mistake);
                    break;
                default:
                    sink.Submit(call);
                    break;
            }
        }

        return true;
    }

    private async Task<WireMessage> SubmitAsync(RequestKind kind, UnaryCall call, ServerCallContext context)
    {
        call.Kind = kind;
        call.ReplySizeMax = transport.Options.MaxMessageSize;
        call.Caller = CallerOf(context);
        call.DeadlineMs = Deadline(call.TimeoutMs);
        if (call.Mistake is { } mistake)
            call.Refuse(call.MistakeStatus, mistake);
        else
            sink.Submit(call);
        return await call.Reply.WaitAsync(context.CancellationToken).ConfigureAwait(false);
    }

    private long Deadline(ulong timeoutMs) => timeoutMs == 0 ? long.MaxValue : clock.MonotonicMs + (long)Math.Min(timeoutMs, int.MaxValue);

    private static string CallerOf(ServerCallContext context) => context.GetHttpContext().User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : "anonymous";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream of the client at {Peer} is closed, because it is malformed: {Reason}")]
    private static partial void LogMalformed(ILogger logger, string peer, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The stream of the client at {Peer} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, string peer, string reason);
}
