using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ReplicatedState.AspNetCore.Configuration;
using ReplicatedState.AspNetCore.Endpoints;
using ReplicatedState.AspNetCore.Health;
using ReplicatedState.AspNetCore.Status;

// Where users of MapX methods look for them.
namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what a node answers.</summary>
public static class ReplicatedStateEndpointRouteBuilderExtensions
{
    /// <summary>Maps the services of peers and gRPC clients on their own port, and status and health below a prefix on the HTTP endpoint.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">Where the HTTP routes begin.</param>
    /// <returns>The HTTP routes, to add conventions such as <c>RequireAuthorization</c> to.</returns>
    public static RouteGroupBuilder MapReplicatedState(this IEndpointRouteBuilder endpoints, string prefix = "/consensus")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        endpoints.MapReplicatedStatePeers(services.GetRequiredService<NodeConfiguration>().Addresses.Peer.Port);
        services.GetRequiredService<PeerServices>().AreMapped = true;

        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        group.MapGet("/status", StatusAsync);
        group.MapGet("/health", context => HealthAsync(context, context.RequestServices.GetRequiredService<NodeHealth>().WhyNotReady()));
        group.MapGet("/health/ready", context => HealthAsync(context, context.RequestServices.GetRequiredService<NodeHealth>().WhyNotReady()));
        group.MapGet("/health/live", context => HealthAsync(context, context.RequestServices.GetRequiredService<NodeHealth>().WhyNotLive()));
        return group;
    }

    private static async Task StatusAsync(HttpContext context)
    {
        bool withStateHash = context.Request.Query["state_hash"] == "true";
        StatusReport report = await context.RequestServices.GetRequiredService<StatusReporter>().ReportAsync(withStateHash, context.RequestAborted).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(report, StatusJson.Default.StatusReport, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    private static Task HealthAsync(HttpContext context, string? error)
    {
        context.Response.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(
            new HealthReport(error is null, error is null ? "healthy" : "unhealthy", error), StatusJson.Default.HealthReport, cancellationToken: context.RequestAborted);
    }
}
