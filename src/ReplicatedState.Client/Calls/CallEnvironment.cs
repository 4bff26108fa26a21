namespace ReplicatedState.Client.Calls;

/// <summary>What all calls of a client share.</summary>
/// <param name="Options">The client's settings.</param>
/// <param name="Directory">The nodes.</param>
/// <param name="Retries">Sends calls again.</param>
internal sealed record CallEnvironment(ReplicatedStateClientOptions Options, EndpointDirectory Directory, RetryLoop Retries);
