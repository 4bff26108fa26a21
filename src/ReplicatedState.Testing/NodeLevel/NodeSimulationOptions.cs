using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>Everything that varies between simulated runs of whole nodes; drawn from the seed.</summary>
public sealed record NodeSimulationOptions
{
    private const ulong ReadStream = 0x5EAD;

    /// <summary>How many nodes.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How long faults last, in microseconds of simulated time.</summary>
    public long FaultyUs { get; init; } = 30_000_000;

    /// <summary>After the faults: within so many microseconds the cluster must be whole again.</summary>
    public long ConvergeWithinUs { get; init; } = 60_000_000;

    /// <summary>The heartbeat interval in milliseconds.</summary>
    public int HeartbeatMs { get; init; } = 100;

    /// <summary>The shortest election timeout in milliseconds.</summary>
    public int ElectionMsMin { get; init; } = 500;

    /// <summary>The longest.</summary>
    public int ElectionMsMax { get; init; } = 1000;

    /// <summary>Whether nodes ask before they campaign.</summary>
    public bool PreVote { get; init; } = true;

    /// <summary>Whether leaders step down without a quorum.</summary>
    public bool CheckQuorum { get; init; } = true;

    /// <summary>A snapshot is taken after so many applied entries.</summary>
    public int SnapshotThreshold { get; init; } = 100;

    /// <summary>Entries kept behind a snapshot.</summary>
    public int TrailingLogs { get; init; } = 20;

    /// <summary>Shards of a node.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Clients, each with one call under way at a time.</summary>
    public int Clients { get; init; } = 3;

    /// <summary>The mean pause of a client between calls, in microseconds.</summary>
    public int ThinkUs { get; init; } = 20_000;

    /// <summary>The network during the faulty time. Streams keep their order; frames are lost with their stream.</summary>
    public NetworkFaults Network { get; init; } = NetworkFaults.None;

    /// <summary>How many of a thousand commands are slow.</summary>
    public int SlowPerMille { get; init; }

    /// <summary>The longest that a slow command, or anything else that a machine's worker does, takes, in microseconds.</summary>
    public int SlowUsMax { get; init; } = 1_000;

    /// <summary>What may go wrong beyond what the network does, and how much of it.</summary>
    public NodeFaults Faults { get; init; } = NodeFaults.None;

    /// <summary>Whether the logs are journals on the simulated disks; otherwise stores in memory that keep, over a crash, a prefix of what was written.</summary>
    public bool UsesJournal { get; init; } = true;

    /// <summary>Opens a log store of one's own in a directory of a simulated disk, to be put under the simulation instead of the journal; null for the journal.</summary>
    public Func<IDisk, string, ILogStore>? OpenLogStore { get; init; }

    /// <summary>Bytes of a segment of the journals.</summary>
    public int JournalSegmentBytes { get; init; } = 32 * 1024;

    /// <summary>The longest usual sync of the log, in microseconds.</summary>
    public int SyncUsMax { get; init; } = 2_000;

    /// <summary>False lets nodes acknowledge before they sync: what a power cut then loses, the simulator must notice.</summary>
    public bool SyncWrites { get; init; } = true;

    /// <summary>For how many milliseconds voters stick to the leader that they heard, so that it may answer by its lease; 0 for no leases.</summary>
    public int LeasePromiseMs { get; init; }

    /// <summary>What the clients draw the consistencies of their queries from.</summary>
    public ulong ReadSeed { get; init; }

    /// <summary>A bug planted on purpose in the nodes.</summary>
    internal NodeMutant Mutant { get; init; }

    /// <summary>Whether nodes are upgraded, where there is a version to upgrade them to: not where other orders and wrong states would have to be told from what an upgrade does.</summary>
    internal bool Upgrades => Faults[FaultKind.VersionUpgrade].Value > 0
        && Faults[FaultKind.Operators].Value == 0 && Faults[FaultKind.RestoredBackup].Value == 0 && Faults[FaultKind.Divergence].Value == 0;

    /// <summary>False lets clients retry without sessions: what is then executed twice, the simulator must notice.</summary>
    public bool UseSessions { get; init; } = true;

    /// <summary>Stops in the debugger, where one is attached, before the event of this number happens; 0 for never.</summary>
    public long BreakAtEvent { get; init; }

    /// <summary>Draws a run's options from its seed.</summary>
    /// <param name="random">The run's randomness, of which nothing was drawn yet.</param>
    /// <param name="seed">The seed itself, for what draws from streams of its own.</param>
    public static NodeSimulationOptions Draw(SeededRandom random, ulong seed)
    {
        int heartbeat = random.Between(30, 120);
        int electionMin = heartbeat * random.Between(3, 8);
        bool calm = random.Chance(100);
        var options = new NodeSimulationOptions
        {
            Nodes = random.OneOf(3, 3, 3, 5, 1),
            HeartbeatMs = heartbeat,
            ElectionMsMin = electionMin,
            ElectionMsMax = electionMin * 2,
            PreVote = random.Chance(800),
            CheckQuorum = random.Chance(800),
            SnapshotThreshold = random.OneOf(0, 30, 200),
            TrailingLogs = random.OneOf(0, 10, 100),
            Shards = random.OneOf(1, 2),
            Clients = random.Between(1, 5),
            ThinkUs = random.OneOf(2_000, 20_000, 100_000),
            Network = new NetworkFaults
            {
                DelayUsMin = 100,
                DelayUsMax = random.OneOf(200, 2_000, 20_000),
                LatePerMille = calm ? 0 : random.OneOf(0, 1, 10),
                LateUsMax = 1_000_000,
            },
            Faults = calm ? NodeFaults.None : NodeFaultList.Draw(NodeFaults.None, FaultKind.BrokenStream, FaultKind.Pause, seed, random),
        };
        options = options with
        {
            SyncUsMax = random.OneOf(500, 5_000, 30_000),
            SlowPerMille = random.OneOf(0, 10, 300),
            SlowUsMax = random.OneOf(1_000, 20_000, 300_000),
            UsesJournal = random.Chance(800),
            JournalSegmentBytes = random.OneOf(4, 16, 64, 256) * 1024,
        };
        var reads = new SeededRandom(seed ^ ReadStream);
        options = options with
        {
            LeasePromiseMs = options.CheckQuorum ? reads.OneOf(0, electionMin / 2, electionMin) : 0,
            ReadSeed = reads.NextUInt64(),
        };
        return calm ? options : options with { Faults = NodeFaultList.Draw(options.Faults, FaultKind.Pause + 1, (FaultKind)int.MaxValue, seed, random) };
    }
}
