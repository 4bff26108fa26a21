using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ReplicatedState.Transport.Grpc.Clients;
using ReplicatedState.Transport.Grpc.Peers;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what peers and clients call.</summary>
public static class GrpcTransportEndpointExtensions
{
    /// <summary>Maps the services of <c>peer.proto</c> and <c>client.proto</c>.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="localPort">The only local port on which they answer; null for all. By the port that the connection came in on, never by what its headers claim.</param>
    public static IEndpointConventionBuilder MapReplicatedStatePeers(this IEndpointRouteBuilder endpoints, int? localPort = null)
    {
        RouteGroupBuilder group = endpoints.MapGroup("");
        group.MapGrpcService<PeerService>();
        group.MapGrpcService<ClientService>();
        if (localPort is { } port)
            ((IEndpointConventionBuilder)group).Add(endpoint => endpoint.RequestDelegate = OnlyOn(port, endpoint.RequestDelegate));
        return group;
    }

    private static RequestDelegate? OnlyOn(int port, RequestDelegate? next) => next is null ? null : context =>
    {
        if (context.Connection.LocalPort == port)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };
}
