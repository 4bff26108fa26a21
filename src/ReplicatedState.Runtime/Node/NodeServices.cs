using Microsoft.Extensions.Logging;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Node;

/// <summary>The world as a node sees it: everything that it doesn't decide itself comes through here, so that a simulator can stand in for all of it.</summary>
public sealed record NodeServices
{
    /// <summary>Opens the log store; is given the open data directory. The node disposes it.</summary>
    public required Func<DataDirectory, ILogStore> OpenLogStore { get; init; }

    /// <summary>The file system of the data directory.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>The network. The node starts and disposes it.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>Runs the node's actors.</summary>
    public required IScheduler Scheduler { get; init; }

    /// <summary>The clocks.</summary>
    public required IClock Clock { get; init; }

    /// <summary>Randomness.</summary>
    public required IEntropy Entropy { get; init; }

    /// <summary>Where the node writes what an operator should know.</summary>
    public required ILoggerFactory Loggers { get; init; }
}
