using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A machine that a node runs on: what outlives the node, and the node's current life.</summary>
internal sealed class SimulatedStation(int number, ulong diskSeed, long wallSkewMs, SlowCommands slow)
{
    public int Number => number;

    /// <summary>The log store's part of the disk.</summary>
    public SimulatedLogMedium Log { get; } = new();

    /// <summary>The rest of it: identity and snapshots.</summary>
    public SimulatedDisk Disk { get; } = new(diskSeed);

    /// <summary>What its machine's commands take.</summary>
    public SlowCommands Slow { get; } = slow;

    /// <summary>How often a machine left its shard, in all lives of the node that have ended.</summary>
    public long HandOvers { get; private set; }

    /// <summary>Snapshots of leaders that were installed, in all lives of the node that have ended.</summary>
    public long Installs { get; private set; }

    public ReplicatedNode? Node { get; private set; }

    public SimulatedScheduler? Scheduler { get; private set; }

    public int Incarnation { get; private set; }

    public long PausedUntilUs { get; set; }

    public bool IsUp => Node is not null;

    /// <summary>The name of a node, from which its number can be read.</summary>
    public static string NameOf(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"n{number + 1}");

    /// <summary>Starts the node from what the disk holds.</summary>
    public void Start(NodeSimulationOptions options, SimulatedScheduler scheduler, SimulatedTransport transport, VirtualClock clock, SeededRandom entropy, ILoggerFactory? loggers)
    {
        if (Disk.IsOff)
            Disk.PowerOn();
        Scheduler = scheduler;
        PausedUntilUs = 0;
        var services = new NodeServices
        {
            OpenLogStore = _ => new SimulatedLogStore(Log),
            Disk = Disk,
            Transport = transport,
            Scheduler = scheduler,
            Clock = new SkewedClock(clock, wallSkewMs, Slow),
            Entropy = entropy,
            Loggers = loggers ?? NullLoggerFactory.Instance,
        };
        Node = new ReplicatedNode(ToNodeOptions(options), services, [new MachineRegistration(RegisterMachine.MachineName, StateMachineDefinition.Of<RegisterMachine>())]);
        Node.Start();
    }

    /// <summary>Counts a new life, before anything of it is planned.</summary>
    public int BeginLife() => ++Incarnation;

    /// <summary>Power is lost.</summary>
    public void Crash(SeededRandom random)
    {
        EndLife();
        Scheduler = null;
        PausedUntilUs = 0;
        Log.LosePower(random);
        if (!Disk.IsOff)
            Disk.CutPower();
    }

    /// <summary>Forgets the node, but for what it counted.</summary>
    public void EndLife()
    {
        foreach (GroupStatus group in Node?.Status.Groups ?? [])
        {
            HandOvers += group.ApplyHandOvers;
            Installs += group.SnapshotsInstalled;
        }

        Node = null;
    }

    private NodeOptions ToNodeOptions(NodeSimulationOptions options) => new()
    {
        Name = NameOf(number),
        ClusterLabel = "simulated",
        PeerAddress = SimulatedStreams.AddressOf(number),
        Peers = options.Nodes == 1 ? [] : [.. Enumerable.Range(0, options.Nodes).Select(i => new PeerAddress(NameOf(i), SimulatedStreams.AddressOf(i)))],
        Shards = options.Shards,
        Storage = new StorageOptions { Path = "/data", LowSpaceBytes = 0, SyncWrites = options.SyncWrites },
        Raft = new RaftOptions
        {
            HeartbeatIntervalMs = options.HeartbeatMs,
            ElectionTimeoutMinMs = options.ElectionMsMin,
            ElectionTimeoutMaxMs = options.ElectionMsMax,
            PreVote = options.PreVote,
            CheckQuorum = options.CheckQuorum,
            SnapshotThreshold = options.SnapshotThreshold,
            TrailingLogs = options.TrailingLogs,
        },
    };
}
