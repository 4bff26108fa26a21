using System.Collections.Concurrent;

namespace ReplicatedState.Chaos.Network;

/// <summary>All links between the processes: the nodes by their names, and the runner, in which the clients are.</summary>
internal sealed class FaultNetwork
{
    /// <summary>The name of the process with the clients.</summary>
    public const string Clients = "clients";

    private readonly ConcurrentDictionary<(string From, string To), Link> _links = new();
    private readonly ConcurrentDictionary<string, int> _processes = new(StringComparer.Ordinal);

    /// <param name="packets">What loses packets; null where that isn't possible.</param>
    public FaultNetwork(PacketRules? packets)
    {
        Packets = packets;
        _processes[Clients] = Environment.ProcessId;
    }

    /// <summary>What loses packets; null where that isn't possible.</summary>
    public PacketRules? Packets { get; }

    /// <summary>Whether it can be told who dialled a connection. Elsewhere all dialled connections count as the clients', and no link between nodes exists.</summary>
    public static bool KnowsDialers => OperatingSystem.IsLinux();

    /// <summary>The direction from one process to another.</summary>
    public Link Between(string from, string to) => _links.GetOrAdd((from, to), static _ => new Link());

    /// <summary>Says which process a node is by now.</summary>
    public void Register(string name, int processId) => _processes[name] = processId;

    /// <summary>Whose connection it is that came from one port to another; null where its process is gone, or is none of ours.</summary>
    public string? DialerOf(int sourcePort, int destinationPort)
    {
        if (!KnowsDialers)
            return Clients;
        if (ProcessSockets.InodeOf(sourcePort, destinationPort) is not { } inode)
            return null;
        foreach ((string name, int processId) in _processes)
        {
            if (ProcessSockets.Owns(processId, inode))
                return name;
        }

        return null;
    }

    /// <summary>Ends every fault.</summary>
    public void Heal()
    {
        foreach (Link link in _links.Values)
        {
            link.Delay(TimeSpan.Zero, 0);
            link.Release();
        }

        Packets?.Lose([], 0);
    }
}
