namespace ReplicatedState.Client.Calls;

/// <summary>What all calls of a client share.</summary>
/// <param name="Options">The client's settings.</param>
/// <param name="Directory">The nodes.</param>
/// <param name="Retries">Sends calls again.</param>
internal sealed record CallEnvironment(ReplicatedStateClientOptions Options, EndpointDirectory Directory, RetryLoop Retries)
{
    /// <summary>Refuses what needn't be sent to be known to fail.</summary>
    public void Admit(RequestBuffer request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Retries.ThrowIfClosed();
        int size = request.Written.Length;
        if (size > Options.MaxMessageSize)
            throw new PayloadTooLargeException($"The encoded call has {size} bytes; at most {Options.MaxMessageSize} are accepted.");
    }
}
