using ReplicatedState.Client;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.AspNetCore.InProcess;

/// <summary>The node of this process as a client sees it: no network and no second encoding in between.</summary>
internal sealed class InProcessEndpoint(string address, IRequestSink node, IClock clock) : IClientEndpoint
{
    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public ValueTask<EndpointReply> SendAsync(in ClientRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = new InProcessCall
        {
            Kind = (RequestKind)request.Kind,
            Machine = request.Machine,
            Session = request.Session,
            Sequence = request.Sequence,
            AcknowledgedUpTo = request.AcknowledgedUpTo,
            IdempotencyKey = request.IdempotencyKey,
            Consistency = request.Consistency,
            InPages = request.InPages,
            Cursor = request.Cursor,
            Page = request.Page,
            Payload = Copy(request.Payload.Span),
            DeadlineMs = request.Timeout > TimeSpan.Zero ? clock.MonotonicMs + (long)request.Timeout.TotalMilliseconds : long.MaxValue,
        };
        ValueTask<EndpointReply> reply = call.Task;
        call.Watch(cancellationToken);
        node.Submit(call);
        return reply;
    }

    /// <summary>The request's memory is the caller's again when the call is on its way. The node releases the copy.</summary>
    private static Payload Copy(ReadOnlySpan<byte> bytes)
    {
        PayloadSlab slab = RequestSlabs.Shared.Rent(bytes.Length);
        bytes.CopyTo(slab.Bytes);
        return new Payload(slab, 0, bytes.Length);
    }

    /// <inheritdoc/>
    public void Encourage()
    {
        // It was never discouraged: there is no connection that could fail.
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
