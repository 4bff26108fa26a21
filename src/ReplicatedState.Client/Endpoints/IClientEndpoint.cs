namespace ReplicatedState.Client;

/// <summary>One node as a client sees it: reached over gRPC, or in the same process. Safe for concurrent use.</summary>
/// <remarks>An endpoint neither retries nor judges an answer: that is the client's part.</remarks>
public interface IClientEndpoint : IAsyncDisposable
{
    /// <summary>Where the node is, <c>host:port</c>.</summary>
    string Address { get; }

    /// <summary>Sends one attempt and waits for its end: an answer, or the certainty that none will come.</summary>
    /// <remarks>Connects when it has to. What can't be delivered is an <see cref="EndpointReply"/>, never an exception.</remarks>
    /// <exception cref="OperationCanceledException">The caller gave up; the call may have been sent.</exception>
    ValueTask<EndpointReply> SendAsync(in ClientRequest request, CancellationToken cancellationToken);

    /// <summary>Somebody who should know says that the node is alive: whatever kept the endpoint from being tried is forgotten.</summary>
    void Encourage();
}
