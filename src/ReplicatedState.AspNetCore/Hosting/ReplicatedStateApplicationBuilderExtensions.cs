using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplicatedState.AspNetCore;
using ReplicatedState.AspNetCore.Calls;
using ReplicatedState.AspNetCore.Configuration;
using ReplicatedState.AspNetCore.Endpoints;
using ReplicatedState.AspNetCore.Health;
using ReplicatedState.AspNetCore.Hosting;
using ReplicatedState.AspNetCore.InProcess;
using ReplicatedState.AspNetCore.Status;
using ReplicatedState.Client;
using ReplicatedState.Client.Grpc;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Transport.Grpc;

// Where users of AddX methods on an application builder look for them.
namespace Microsoft.Extensions.Hosting;

/// <summary>Makes an application a node of a cluster.</summary>
public static class ReplicatedStateApplicationBuilderExtensions
{
    /// <summary>Adds a node, configured by section <c>consensus</c> and variables <c>CONSENSUS_…</c>. Without any it is a cluster of itself.</summary>
    /// <param name="builder">The builder of an ASP.NET Core application.</param>
    /// <param name="configure">Has the last word over files and environment; sees what they say.</param>
    /// <returns>A builder for the machines that the node hosts.</returns>
    /// <remarks>
    /// Call <c>app.MapReplicatedState()</c> too. A configuration that can't be used, and a data directory that may not be, end <c>app.Run()</c> with an
    /// <see cref="ReplicatedState.InvalidConfigurationException"/> or <see cref="ReplicatedState.StorageFailedException"/> before anything is served.
    /// </remarks>
    public static ReplicatedStateBuilder AddReplicatedState(this IHostApplicationBuilder builder, Action<ConsensusOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(service => service.ServiceType == typeof(ReplicatedNode)))
            throw new InvalidOperationException("AddReplicatedState was called twice; one process is one node.");
        AddEnvironment(builder.Configuration.Sources);
        bool development = builder.Environment.IsDevelopment();
        Action<ConsensusOptions>[] code = [configure ?? (static _ => { }), options => options.UpgradeAutoActivate ??= development];
        builder.Services.AddSingleton(provider => NodeConfiguration.Read(provider.GetRequiredService<IConfiguration>(), code));
        AddNode(builder.Services);
        AddEndpoints(builder.Services);
        AddInProcessClient(builder.Services);
        AddHealth(builder.Services);
        return new ReplicatedStateBuilder(builder.Services);
    }

    /// <summary>Beside the host's own variables, so that the command line still wins over them; last where the host reads none.</summary>
    private static void AddEnvironment(IList<IConfigurationSource> sources)
    {
        int own = sources.Count;
        for (int i = 0; i < sources.Count; i++)
        {
            if (sources[i] is EnvironmentVariablesConfigurationSource)
                own = i + 1;
        }

        sources.Insert(own, new ConsensusEnvironment(Environment.GetEnvironmentVariables()));
    }

    private static void AddNode(IServiceCollection services)
    {
        services.TryAddSingleton<IClock, SystemClock>();
        services.TryAddSingleton<IScheduler>(provider => new ThreadedScheduler(provider.GetRequiredService<IClock>()));
        services.AddReplicatedStateGrpcTransport();
        services.AddOptions<GrpcTransportOptions>().Configure<NodeConfiguration>(static (grpc, configuration) =>
        {
            TransportSection transport = configuration.Options.Transport;
            grpc.MaxMessageSize = transport.MaxMessageSize;
            grpc.Timeout = transport.Timeout;
            grpc.KeepAlive = transport.KeepAlive;
            grpc.KeepAliveInterval = transport.KeepAliveInterval;
            grpc.KeepAliveTimeout = transport.KeepAliveTimeout;
            grpc.ConnectionTimeout = transport.ConnectionTimeout;
            grpc.IdleTimeout = transport.IdleTimeout;
            grpc.EnableMultiplexing = transport.EnableMultiplexing;
            grpc.EnableCompression = transport.EnableCompression;
            grpc.CompressionLevel = transport.CompressionLevel;
            grpc.LaneQueueBytesMax = Math.Max(grpc.LaneQueueBytesMax, 4 * transport.MaxMessageSize);
        });
        services.AddSingleton(static provider => NodeFactory.Create(
            provider.GetRequiredService<NodeConfiguration>(),
            provider.GetServices<MachineRegistration>(),
            provider.GetRequiredService<ITransport>(),
            provider.GetRequiredService<IScheduler>(),
            provider.GetRequiredService<IClock>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IRequestSink>(static provider => provider.GetRequiredService<ReplicatedNode>());
        services.AddSingleton<IClusterAdmin>(static provider => new ClusterAdmin(provider.GetRequiredService<ReplicatedNode>()));
        services.AddHostedService<NodeService>();
    }

    private static void AddEndpoints(IServiceCollection services)
    {
        services.AddSingleton<PeerServices>();
        services.AddSingleton<ServerEndpoints>();
        services.AddSingleton<StatusReporter>();
        services.AddSingleton<CallMachines>();
        services.AddSingleton<CallService>();
        services.AddSingleton<IPostConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        services.AddSingleton<IStartupFilter, PeerPortGate>();
    }

    private static void AddInProcessClient(IServiceCollection services) => services.AddSingleton(static provider =>
    {
        NodeConfiguration configuration = provider.GetRequiredService<NodeConfiguration>();
        TransportSection transport = configuration.Options.Transport;
        var options = new ReplicatedStateClientOptions
        {
            AttemptTimeout = transport.Timeout,
            ConnectTimeout = transport.ConnectionTimeout,
            KeepAlive = transport.KeepAlive,
            KeepAliveInterval = transport.KeepAliveInterval,
            KeepAliveTimeout = transport.KeepAliveTimeout,
            MaxMessageSize = transport.MaxMessageSize,
            // The other nodes are learnt from this one's hints about who leads.
            Endpoints = { configuration.Addresses.AdvertisedPeer },
        };
        var self = new InProcessEndpoint(configuration.Addresses.AdvertisedPeer, provider.GetRequiredService<IRequestSink>(), provider.GetRequiredService<IClock>());
        var others = new GrpcEndpointFactory(options, provider.GetService<ILoggerFactory>());
        return new InProcessClient(new ReplicatedStateClient(options, new InProcessEndpointFactory(self, others)));
    });

    private static void AddHealth(IServiceCollection services)
    {
        services.AddSingleton<NodeHealth>();
        services.AddHealthChecks()
            .AddCheck<LivenessCheck>("replicatedstate_live", tags: ["live"])
            .AddCheck<ReadinessCheck>("replicatedstate_ready", tags: ["ready"]);
    }
}
