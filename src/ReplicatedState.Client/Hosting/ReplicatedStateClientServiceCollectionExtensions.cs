using Microsoft.Extensions.Logging;
using ReplicatedState.Client;

// Where users of AddX methods look for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a client of a cluster that runs elsewhere.</summary>
public static class ReplicatedStateClientServiceCollectionExtensions
{
    /// <summary>Registers one <see cref="ReplicatedStateClient"/>, made when it is first needed, and returns a builder for the typed clients of its machines.</summary>
    /// <param name="services">The services of any host; ASP.NET Core isn't needed.</param>
    /// <param name="configure">Names at least one node of the cluster in <see cref="ReplicatedStateClientOptions.Endpoints"/>.</param>
    public static ReplicatedStateClientBuilder AddReplicatedStateClient(this IServiceCollection services, Action<ReplicatedStateClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddSingleton(provider =>
        {
            var options = new ReplicatedStateClientOptions();
            configure(options);
            return new ReplicatedStateClient(options, provider.GetService<ILoggerFactory>());
        });
        return new ReplicatedStateClientBuilder(services, provider => provider.GetRequiredService<ReplicatedStateClient>());
    }
}
