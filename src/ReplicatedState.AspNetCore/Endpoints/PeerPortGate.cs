using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Endpoints;

/// <summary>
/// Keeps everything but the peer and client services off the peer port, which listens where the network can reach it. Decided by the local port of the
/// connection, never by the Host header, which the caller chooses. (The services themselves answer on no other port: the transport sees to that.)
/// </summary>
internal sealed class PeerPortGate(NodeConfiguration configuration) : IStartupFilter
{
    /// <summary>What the paths of the peer and client services begin with.</summary>
    private const string ServicePrefix = "/replicatedstate.";

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        int peerPort = configuration.Addresses.Peer.Port;
        app.Use((context, following) =>
        {
            if (context.Connection.LocalPort != peerPort || context.Request.Path.Value?.StartsWith(ServicePrefix, StringComparison.Ordinal) == true)
                return following(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        next(app);
    };
}
