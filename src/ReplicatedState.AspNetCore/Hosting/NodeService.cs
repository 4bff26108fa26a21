using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplicatedState.AspNetCore.Configuration;
using ReplicatedState.AspNetCore.Endpoints;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Rehearsal;

namespace ReplicatedState.AspNetCore.Hosting;

/// <summary>Ties the node's life to the application's.</summary>
/// <remarks>
/// The node starts before the server does, so that the first peer to call finds it, and stops before the server does: the streams of peers and clients would
/// otherwise keep the server from stopping, and leadership couldn't be handed over.
/// </remarks>
internal sealed partial class NodeService(
    NodeConfiguration configuration,
    ReplicatedNode node,
    ServerEndpoints endpoints,
    PeerServices services,
    IHostApplicationLifetime lifetime,
    ILogger<NodeService> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (string warning in configuration.Warnings)
            LogWarning(warning);
        if (!services.AreMapped)
            throw new InvalidConfigurationException("app.MapReplicatedState() was not called: peers and clients could not reach this node.");
        endpoints.Prepare();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody can count on this node: later it would compete with the work that it is for.
        LeaderRehearsal.Run();
        node.OnFailed = OnFailed;
        node.Start();
        LogStarted(configuration.NodeName, configuration.Options.ClusterId, configuration.Addresses.Peer.ToString(), configuration.Addresses.AdvertisedPeer);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        endpoints.Verify();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Stop(stopped.SetResult);
        try
        {
            await stopped.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host's patience is over (HostOptions.ShutdownTimeout). What was acknowledged is on disk; a new leader is elected instead of appointed.
            LogImpatient(configuration.NodeName);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The node stopped itself rather than guess: the process ends, and whoever watches it sees that it failed.</summary>
    private void OnFailed(NodeFailure failure)
    {
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    [LoggerMessage(1, LogLevel.Information, "Node {Name} of cluster {Cluster} listens to peers and clients on {Endpoint} and is known to them as {Advertised}.")]
    private partial void LogStarted(string name, string cluster, string endpoint, string advertised);

    [LoggerMessage(2, LogLevel.Warning, "Configuration: {Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(3, LogLevel.Warning, "Node {Name} is given no more time to hand leadership over.")]
    private partial void LogImpatient(string name);
}
