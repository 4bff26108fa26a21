using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ReplicatedState.AspNetCore.Calls;
using ReplicatedState.AspNetCore.Endpoints;

// Where users of MapX methods look for them.
namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the commands and queries of a node's machines for callers that know HTTP and JSON alone.</summary>
public static class ReplicatedStateCallsEndpointRouteBuilderExtensions
{
    /// <summary>Maps <c>POST {prefix}/apply</c> and <c>POST {prefix}/read</c> on the HTTP endpoint: any command and any query of the machines that this node hosts, in JSON.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">Where the routes begin.</param>
    /// <returns>The two routes, to add conventions such as <c>RequireAuthorization</c> to.</returns>
    /// <remarks>
    /// Whoever reaches these routes may execute every command, those included that no route of the application offers; so they are not mapped unless this is called. Add
    /// <c>RequireAuthorization</c>, or keep the endpoint where only friends reach it. They answer on every node, whichever leads, and never on the port of peers and gRPC clients.
    /// </remarks>
    /// <exception cref="InvalidOperationException"><c>AddReplicatedState</c> was not called.</exception>
    public static RouteGroupBuilder MapReplicatedStateCalls(this IEndpointRouteBuilder endpoints, string prefix = "/consensus")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<PeerServices>() is null)
            throw new InvalidOperationException("There is no node whose machines could be called: call AddReplicatedState first.");
        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        group.MapPost("/apply", static context => context.RequestServices.GetRequiredService<CallService>().ApplyAsync(context));
        group.MapPost("/read", static context => context.RequestServices.GetRequiredService<CallService>().ReadAsync(context));
        return group;
    }
}
