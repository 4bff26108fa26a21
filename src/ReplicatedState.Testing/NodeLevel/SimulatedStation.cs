using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A machine that a node runs on: what outlives the node, and the node's current life.</summary>
internal sealed class SimulatedStation(int number, ulong diskSeed, long wallSkewMs, StationClock clock, SlowCommands slow)
{
    private LogWitness _witness = new();

    public int Number => number;

    /// <summary>The log, where it isn't a journal on the disk.</summary>
    public SimulatedLogMedium Log { get; private set; } = new();

    /// <summary>Identity, snapshots, and the journal where there is one.</summary>
    public SimulatedDisk Disk { get; private set; } = new(diskSeed);

    /// <summary>Its clocks.</summary>
    public StationClock Clock { get; } = clock;

    /// <summary>What is wrong with it at the moment.</summary>
    public StationTrouble Trouble { get; } = new();

    /// <summary>The machines that its node hosts from its next start on: the binary, so to say.</summary>
    public required IReadOnlyList<MachineRegistration> Machines { get; set; }

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

    /// <summary>How often everything that it held was lost.</summary>
    public int Wipes { get; private set; }

    /// <summary>The name of a node, from which its number can be read.</summary>
    public static string NameOf(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"n{number + 1}");

    /// <summary>Starts the node from what the disk holds.</summary>
    public void Start(NodeSimulationOptions options, SimulatedScheduler scheduler, SimulatedTransport transport, SeededRandom entropy, ILoggerFactory? loggers)
    {
        if (Disk.IsOff)
            Disk.PowerOn();
        Scheduler = scheduler;
        PausedUntilUs = 0;
        var services = new NodeServices
        {
            OpenLogStore = directory => _witness.Watch(OpenLog(directory, options)),
            Disk = Disk,
            Transport = transport,
            Scheduler = scheduler,
            Clock = new SkewedClock(Clock, wallSkewMs, Slow),
            Entropy = entropy,
            Loggers = loggers ?? NullLoggerFactory.Instance,
        };
        Node = new ReplicatedNode(ToNodeOptions(options), services, Machines);
        Node.Start();
    }

    /// <summary>Counts a new life, before anything of it is planned.</summary>
    public int BeginLife() => ++Incarnation;

    /// <summary>The process ends, and what it had written stays.</summary>
    public void Kill()
    {
        EndLife();
        Scheduler = null;
        PausedUntilUs = 0;
        Log.Sync();
        Disk.KillProcess();
    }

    /// <summary>Everything that it held is gone.</summary>
    public void Wipe(ulong seed)
    {
        Log = new SimulatedLogMedium();
        _witness = new LogWitness();
        Disk = new SimulatedDisk(seed);
        Wipes++;
    }

    /// <summary>Somebody puts an old copy of the disk in its place; nothing of it is taken for lost.</summary>
    public void Restore(SimulatedDisk backup)
    {
        _witness = new LogWitness();
        Disk = backup;
    }

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

        Slow.OnEnd();
        Node = null;
    }

    private ILogStore OpenLog(DataDirectory directory, NodeSimulationOptions options)
    {
        if (options.OpenLogStore is { } open)
            return open(Disk, directory.LogPath);
        if (!options.UsesJournal)
            return new SimulatedLogStore(Log);
        return JournalLogStore.Open(
            Disk, directory.LogPath, new JournalLogStoreOptions { SegmentBytes = options.JournalSegmentBytes, ZeroFillBytes = 8 * 1024, GatheredBytesMax = 16 * 1024 });
    }

    private NodeOptions ToNodeOptions(NodeSimulationOptions options) => new()
    {
        Name = NameOf(number),
        ClusterLabel = "simulated",
        PeerAddress = SimulatedStreams.AddressOf(number),
        Peers = [.. PeersOf(options).Select(i => new PeerAddress(NameOf(i), SimulatedStreams.AddressOf(i)))],
        Shards = options.Shards,
        Mutant = options.Mutant,
        Upgrade = new UpgradeOptions { AutoActivate = options.Upgrades && options.Faults[FaultKind.VersionUpgrade].Detail > 0 },
        Storage = new StorageOptions { Path = "/data", LowSpaceBytes = options.Faults[FaultKind.ShortSpace].Detail, LowSpacePercent = 0, SyncWrites = options.SyncWrites },
        Raft = new RaftOptions
        {
            HeartbeatIntervalMs = options.HeartbeatMs,
            ElectionTimeoutMinMs = options.ElectionMsMin,
            ElectionTimeoutMaxMs = options.ElectionMsMax,
            PreVote = options.PreVote,
            CheckQuorum = options.CheckQuorum,
            LeasePromiseMs = options.LeasePromiseMs,
            SnapshotThreshold = options.SnapshotThreshold,
            TrailingLogs = options.TrailingLogs,
            ReinstallQuarantined = !Trouble.StaysInQuarantine,
        },
    };

    /// <summary>Founders name each other. Whoever comes later, or again without its data, names everybody, and so can't take itself for a founder.</summary>
    private IEnumerable<int> PeersOf(NodeSimulationOptions options)
    {
        FaultSetting operators = options.Faults[FaultKind.Operators];
        if (operators.Value > 0 && (Wipes > 0 || number >= options.Nodes))
            return Enumerable.Range(0, options.Nodes + operators.Detail);
        return options.Nodes == 1 ? [] : Enumerable.Range(0, options.Nodes);
    }
}
