namespace ReplicatedState.Client;

/// <summary>Every node that a client knows of: those it was configured with, and those that others named as leader.</summary>
internal sealed class EndpointDirectory : IAsyncDisposable
{
    private const int EndpointsMax = 64;
    private readonly Lock _gate = new();
    private readonly IClientEndpointFactory _factory;
    private volatile IClientEndpoint[] _endpoints;

    public EndpointDirectory(IEnumerable<string> addresses, IClientEndpointFactory factory)
    {
        _factory = factory;
        _endpoints = [.. addresses.Distinct(StringComparer.OrdinalIgnoreCase).Select(factory.Create)];
    }

    /// <summary>How many there are.</summary>
    public int Count => _endpoints.Length;

    /// <summary>The first that was configured.</summary>
    public IClientEndpoint First => _endpoints[0];

    /// <summary>The one after another, round and round.</summary>
    public IClientEndpoint After(IClientEndpoint endpoint)
    {
        IClientEndpoint[] endpoints = _endpoints;
        return endpoints[(Array.IndexOf(endpoints, endpoint) + 1) % endpoints.Length];
    }

    /// <summary>The one at an address that a node named; null where it names too many.</summary>
    public IClientEndpoint? Find(string address)
    {
        if (Known(address) is { } known)
            return known;
        lock (_gate)
        {
            if (Known(address) is { } meanwhile)
                return meanwhile;
            if (_endpoints.Length >= EndpointsMax || !Uri.TryCreate($"http://{address}", UriKind.Absolute, out _))
                return null;
            IClientEndpoint learnt = _factory.Create(address);
            _endpoints = [.. _endpoints, learnt];
            return learnt;
        }
    }

    /// <summary>None answered: each is worth a try again.</summary>
    public void EncourageAll()
    {
        foreach (IClientEndpoint endpoint in _endpoints)
            endpoint.Encourage();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IClientEndpoint endpoint in _endpoints)
            await endpoint.DisposeAsync().ConfigureAwait(false);
    }

    private IClientEndpoint? Known(string address)
    {
        foreach (IClientEndpoint endpoint in _endpoints)
        {
            if (string.Equals(endpoint.Address, address, StringComparison.OrdinalIgnoreCase))
                return endpoint;
        }

        return null;
    }
}
