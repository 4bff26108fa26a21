using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Endpoints;

/// <summary>Makes Kestrel speak HTTP/2 on the peer port, and listen there where endpoints are configured one by one.</summary>
/// <remarks>
/// The peer endpoint is otherwise added to the server's addresses (<see cref="ServerEndpoints"/>) rather than here: one <c>Listen</c> in code makes
/// Kestrel drop the URLs that the application or its operator set, with a warning that nobody reads.
/// </remarks>
internal sealed class KestrelSetup(NodeConfiguration configuration, IConfiguration settings) : IPostConfigureOptions<KestrelServerOptions>
{
    private const int StreamWindowBytes = 4 * 1024 * 1024;
    private readonly ConnectionLimit _limit = new(configuration.Options.Transport.MaxConnections);

    /// <summary>True where configuration section <c>Kestrel:Endpoints</c> names endpoints, which turns all URLs off.</summary>
    public static bool HasConfiguredEndpoints(IConfiguration settings) => settings.GetSection("Kestrel:Endpoints").GetChildren().Any();

    /// <inheritdoc/>
    public void PostConfigure(string? name, KestrelServerOptions options)
    {
        TransportSection transport = configuration.Options.Transport;
        options.ConfigureEndpointDefaults(endpoint =>
        {
            if (endpoint.IPEndPoint?.Port == configuration.Addresses.Peer.Port)
                MakePeerEndpoint(endpoint);
        });
        options.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        options.Limits.Http2.InitialConnectionWindowSize = 2 * StreamWindowBytes;
        if (transport.KeepAlive)
        {
            options.Limits.Http2.KeepAlivePingDelay = transport.KeepAliveInterval;
            options.Limits.Http2.KeepAlivePingTimeout = transport.KeepAliveTimeout;
        }

        if (HasConfiguredEndpoints(settings))
            options.Listen(configuration.Addresses.Peer);
    }

    private void MakePeerEndpoint(ListenOptions endpoint)
    {
        // Without TLS there is no negotiation: one port, one protocol.
        endpoint.Protocols = HttpProtocols.Http2;
        endpoint.Use(_limit.Guard);
    }
}
