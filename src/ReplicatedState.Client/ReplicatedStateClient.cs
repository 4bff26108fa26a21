using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ReplicatedState.Client.Calls;
using ReplicatedState.Client.Grpc;

namespace ReplicatedState.Client;

/// <summary>Talks to the machines of one cluster: finds the leader, makes commands exactly-once, sends calls again that may be. Safe for concurrent use; make one per cluster.</summary>
/// <remarks>
/// Every call ends with a result, with a typed refusal (definitely not executed), or with <see cref="CommandOutcomeUnknownException"/>.
/// A command that its caller cancels ends with <see cref="OperationCanceledException"/> and may have been executed.
/// </remarks>
public sealed class ReplicatedStateClient : IAsyncDisposable
{
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(1);
    private readonly ReplicatedStateClientOptions _options;
    private readonly CallEnvironment _environment;
    private readonly ConcurrentDictionary<string, (MachineRoute Route, MachineChannel Channel)> _machines = new(StringComparer.Ordinal);
    private int _disposed;

    /// <summary>A client that reaches the nodes over gRPC.</summary>
    /// <exception cref="InvalidConfigurationException">An option can't be used.</exception>
    public ReplicatedStateClient(ReplicatedStateClientOptions options, ILoggerFactory? loggers = null)
        : this(options, new GrpcEndpointFactory(options, loggers))
    {
    }

    /// <summary>A client that reaches the nodes by other means, such as within the process.</summary>
    /// <exception cref="InvalidConfigurationException">An option can't be used.</exception>
    public ReplicatedStateClient(ReplicatedStateClientOptions options, IClientEndpointFactory endpoints)
    {
        options.Validate();
        _options = options;
        _environment = new CallEnvironment(options, new EndpointDirectory(options.Endpoints, endpoints), new RetryLoop(options.TimeProvider));
    }

    /// <summary>The channel to a machine, for its generated client.</summary>
    /// <param name="name">The machine instance; null for <see cref="ReplicatedStateClientOptions.Machine"/>.</param>
    public IStateMachineChannel Machine(string? name = null)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        string? machine = name ?? _options.Machine;
        return _machines.GetOrAdd(machine ?? "", (_, state) =>
        {
            var route = new MachineRoute(state.machine, state._environment);
            return (route, new MachineChannel(state._environment, route, route.Seen));
        }, (machine, _environment)).Channel;
    }

    /// <summary>Closes sessions and connections. Calls that are under way end: commands that may have been executed with <see cref="CommandOutcomeUnknownException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _environment.Retries.Dispose();
        using (var farewell = new CancellationTokenSource(FarewellTimeout, _options.TimeProvider))
        {
            try
            {
                foreach ((MachineRoute route, _) in _machines.Values)
                    await route.CloseSessionsAsync(farewell.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (farewell.IsCancellationRequested)
            {
                // A courtesy to the cluster, not a duty: sessions that stay open expire.
            }
        }

        await _environment.Directory.DisposeAsync().ConfigureAwait(false);
    }
}
