using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>One simulated node around a core: its disk, its persist queue, its state machine, its waiting clients.</summary>
public sealed class CoreNode
{
    internal CoreNode(int number, CoreConfig config)
    {
        Number = number;
        Config = config;
        Log = new EntryLog(SnapshotMeta.None);
        Durable = new EntryLog(SnapshotMeta.None);
    }

    /// <summary>Counts from 0.</summary>
    public int Number { get; }

    /// <summary>Its identity.</summary>
    public RaftId Id => Config.Self;

    /// <summary>The configuration of its core.</summary>
    public CoreConfig Config { get; }

    /// <summary>The core; null while the node is down.</summary>
    public RaftCore? Core { get; internal set; }

    /// <summary>True while it runs.</summary>
    public bool IsUp => Core is not null;

    /// <summary>Counts its starts.</summary>
    public int Incarnation { get; internal set; }

    /// <summary>The log as the core sees it: with everything that was handed over to be persisted.</summary>
    public EntryLog Log { get; }

    /// <summary>The log as the disk has it.</summary>
    public EntryLog Durable { get; }

    /// <summary>Term, vote and commit as the disk has them.</summary>
    public HardState DurableHardState { get; internal set; }

    /// <summary>Operations that are not durable yet, oldest first.</summary>
    public Queue<Persist> Pending { get; } = new();

    /// <summary>Operations that are durable while the core doesn't know yet.</summary>
    public Queue<PersistedOperation> Unreported { get; } = new();

    /// <summary>The last index that the state machine has applied.</summary>
    public ulong Applied { get; internal set; }

    /// <summary>A hash of the state machine's state.</summary>
    public TraceHash State { get; internal set; }

    /// <summary>The last index whose effect on the state is durable, and the state there; a crash goes back to it.</summary>
    public (ulong Index, TraceHash State) DurableState { get; internal set; }

    /// <summary>Entries up to here were handed out to be applied.</summary>
    public ulong ApplyThrough { get; internal set; }

    /// <summary>The disk that it had, while it has an older copy of it; null as a rule.</summary>
    internal ReplacedDisk? OldDisk { get; set; }

    /// <summary>Its clocks.</summary>
    internal NodeClock Clock { get; } = new();

    /// <summary>Tells when it stood still; null where ticks have no length.</summary>
    internal StallWatch? StallWatch { get; set; }

    /// <summary>
    /// Proposals of this node whose fate isn't known, by index. Not in the order in which they were made: a later term may begin below what an earlier one
    /// proposed, and either may win.
    /// </summary>
    internal PriorityQueue<LogPosition, ulong> Proposals { get; } = new();

    /// <summary>Reads that were asked here and not answered: what they must see at least.</summary>
    internal Dictionary<ReadContext, ulong> Reads { get; } = [];

    /// <summary>Reads that may be answered when their index is applied.</summary>
    internal List<ConfirmedRead> ConfirmedReads { get; } = [];

    internal ulong ReadSequence { get; set; }

    /// <summary>Reads that were answered here since the beginning.</summary>
    public ulong ReadsServed { get; internal set; }

    /// <summary>The freshness of its state that was checked last.</summary>
    internal long? SeenFreshAsOfMs { get; set; }

    /// <summary>What its core must have in force.</summary>
    internal ConfigurationMirror Configurations { get; } = new();

    /// <summary>What the invariants saw of it last.</summary>
    internal Observation Seen { get; set; }

    /// <summary>A disk that was exchanged for an older copy of it.</summary>
    /// <param name="right">Its log.</param>
    internal sealed class ReplacedDisk(EntryLog right)
    {
        public EntryLog Right => right;

        /// <summary>The node has said that something is missing.</summary>
        public bool IsNoticed { get; set; }
    }

    /// <summary>What a node looked like after its last step.</summary>
    internal readonly record struct Observation(ulong Term, RaftId Vote, ulong Commit, ulong LeaderOfTerm, Configuration? Configuration = null);

    /// <inheritdoc/>
    public override string ToString() => $"node {Id}";
}

/// <summary>An operation that became durable.</summary>
/// <param name="Token">As the core named it.</param>
/// <param name="InstalledSnapshot">The index of the snapshot that it carried, or 0.</param>
public readonly record struct PersistedOperation(ulong Token, ulong InstalledSnapshot);
