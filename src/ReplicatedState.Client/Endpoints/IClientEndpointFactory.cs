namespace ReplicatedState.Client;

/// <summary>Makes endpoints for the addresses that a client was given or learnt.</summary>
public interface IClientEndpointFactory
{
    /// <summary>An endpoint that connects when it is first used.</summary>
    /// <param name="address">host:port of a node.</param>
    IClientEndpoint Create(string address);
}
