namespace ReplicatedState.Consensus;

/// <summary>
/// Raft for one group on one node: synchronous, single-threaded and deterministic. It is told what happened and
/// answers with effects; it never awaits, locks, reads a clock, logs or touches a file.
/// </summary>
/// <remarks>
/// The cycle of its owner: set <see cref="Clock"/>; call <see cref="Step"/>, <see cref="Tick"/>, <see cref="Propose"/> and the <c>On…</c> methods for
/// everything that happened; then <see cref="TakeEffects"/>, and carry them out. Two rules hold everything together. What a node says about its own
/// disk (a vote, an acknowledgement) leaves only after that disk has it. And the log answers every question about membership and terms: what is appended
/// counts, what is truncated never did.
/// Each concept of the algorithm has a file of its own: Election, Replication (the leader), Following (the follower), ReadIndex, LeaderLease, Freshness,
/// Membership, SnapshotTransfer, LeadershipTransfer, Priority, Proposals, Durability, Timers, ClockStall, Distrust, MessageRouting.
/// </remarks>
public sealed partial class RaftCore
{
    private readonly CoreConfig _config;
    private readonly IRng _rng;
    private readonly ITraceSink? _trace;
    private readonly RaftLog _log;
    private readonly ConfigurationHistory _configurations;
    private readonly ProgressTable _progress;
    private readonly LogClock _logClock;
    private readonly Effects _out = new();

    private RaftRole _role;
    private ulong _term;
    private RaftId _vote;
    private RaftId _leader;
    private ulong _commit;
    private ulong _applied;
    private SoftState _reportedSoftState;
    private bool _halted;

    /// <summary>Starts a core from what the disk holds.</summary>
    /// <param name="config">Limits and timeouts.</param>
    /// <param name="boot">Term, vote, commit and applied index as they were found.</param>
    /// <param name="log">The log as it was found; all of it is durable.</param>
    /// <param name="rng">The source of election timeouts.</param>
    /// <param name="trace">Hears of every transition.</param>
    /// <exception cref="InvariantViolationException">Log, snapshot and hard state contradict each other.</exception>
    /// <exception cref="LogReadException">The log can't be read.</exception>
    public RaftCore(CoreConfig config, PersistedState boot, ILogReader log, IRng rng, ITraceSink? trace = null)
    {
        config.Validate();
        _config = config;
        _rng = rng;
        _trace = trace;
        _log = new RaftLog(log);
        _configurations = new ConfigurationHistory(log.Snapshot);
        _progress = new ProgressTable(config);
        _logClock = new LogClock(config.Self);
        _term = boot.HardState.Term;
        _vote = config.Mutant == CoreMutant.VoteForgottenAtRestart ? RaftId.None : boot.HardState.Vote;
        _commit = Math.Max(boot.HardState.Commit, log.Snapshot.Index);
        _applied = boot.Applied;
        Invariant.Holds(_term >= _log.Last.Term || config.MayLackHardState, "the stored term is not below the term of the last entry");
        Invariant.Holds(_commit <= _log.Last.Index, "the stored commit index lies within the log");
        Invariant.Holds(_applied >= log.Base.Index, "the state machine has applied everything that the log no longer holds");
        Invariant.Holds(_applied <= _log.Last.Index, "the state machine has applied nothing beyond the log");
        _commit = Math.Max(_commit, _applied);
        _applyHanded = _applied;
        _durable = _log.Last;
        _handedHardState = _durableHardState = new HardState(_term, _vote, boot.HardState.Commit);
        ReadConfigurations(log);
        TrackMembers();
        _abstainTicksLeft = _term > 0 && config.Mutant != CoreMutant.NoAbstentionAfterRestart ? config.AbstainTicks : 0;
        ResetElectionTimer();
        if (_configurations.IsAlwaysAlone(config.Self))
        {
            _electionTimeoutTicks = 1; // nobody else can have voted for anybody, or have been promised anything: no reason to wait
            _abstainTicksLeft = 0;
        }

        _reportedSoftState = new SoftState(_role, _term, _leader);
    }

    /// <summary>The node's clocks; set before each call that should see newer ones.</summary>
    /// <remarks>Leases rest on the order: read after the messages and reads that are handed over with it had arrived, and before what they bring about leaves.</remarks>
    public ClockReading Clock { get; set; }

    /// <summary>What an operator or a test may look at.</summary>
    public CoreStatus Status => new(
        _role,
        _leader,
        new HardState(_term, _vote, _commit),
        _applied,
        _log.FirstIndex,
        _log.Last,
        _durable,
        _configurations.Current,
        _transferTarget,
        _uncommittedBytes,
        _log.LastLogTimeMs,
        _halted);

    /// <summary>The position of the configuration in force and of all others that the log remembers, oldest first; for snapshots taken at an index.</summary>
    /// <param name="index">An index from the log's base to its last.</param>
    public (ulong Index, Configuration Configuration) ConfigurationAt(ulong index) => _configurations.At(index);

    /// <summary>The leader's view of a member; null where this node doesn't lead or the member is unknown.</summary>
    public PeerProgress? ProgressOf(RaftId peer)
    {
        if (_role != RaftRole.Leader || _progress.Find(peer) is not { } p)
            return null;
        return new PeerProgress(
            p.Match, p.Next, p.State, p.PendingSnapshot, p.RecentlyActive, p.IsPaused, p.Inflight.Count, p.Inflight.Bytes,
            p.Id == _config.Self ? Clock.WallMs : LogClock.Estimate(p.ReportedClock, Clock))
        {
            HasLostEntries = p.HasLostEntries,
        };
    }

    private Configuration Members => _configurations.Current;

    private bool IsSelfVoter => Members.IsVoter(_config.Self);

    private void ReadConfigurations(ILogReader log)
    {
        var window = new Entry[64];
        for (ulong next = Math.Max(log.FirstIndex, log.Snapshot.ConfigIndex + 1); next <= log.LastIndex;)
        {
            int read = log.Read(next, window, 1024 * 1024);
            Invariant.Holds(read > 0, "the log holds every entry from its first to its last");
            for (int i = 0; i < read; i++)
            {
                if (window[i].Kind != EntryKind.Config)
                    continue;
                Configuration configuration = ConfigurationCodec.Decode(window[i].Payload.Span);
                if (!configuration.IsJoint || _config.Mutant != CoreMutant.JointConfigurationLostAtRestart)
                    _configurations.Append(window[i].Index, configuration);
            }

            next += (ulong)read;
        }
    }

    private void Trace(TransitionKind kind, RaftId peer = default, LogPosition position = default) =>
        _trace?.OnTransition(new Transition(kind, _config.Group, _config.Self, _term, peer, position));
}
