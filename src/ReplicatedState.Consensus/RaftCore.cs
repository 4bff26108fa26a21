namespace ReplicatedState.Consensus;

/// <summary>
/// Raft for one group on one node: synchronous, single-threaded and deterministic. It is told what happened and
/// answers with effects; it never awaits, locks, reads a clock, logs or touches a file.
/// </summary>
public sealed partial class RaftCore
{
    /// <summary>Starts a core from what the disk holds.</summary>
    /// <exception cref="InvariantViolationException">Log, snapshot and hard state contradict each other.</exception>
    public RaftCore(CoreConfig config, PersistedState boot, ILogReader log, IRng rng, ITraceSink? trace = null) => throw new NotSupportedException();

    /// <summary>The node's clocks; set before each call that should see newer ones.</summary>
    public ClockReading Clock { get; set; }

    /// <summary>Takes in a message of this group.</summary>
    public void Step(in Message message) => throw new NotSupportedException();

    /// <summary>A tick has passed.</summary>
    public void Tick() => throw new NotSupportedException();

    /// <summary>Appends a batch to the log, if this node leads.</summary>
    public ProposeResult Propose(ReadOnlySpan<ProposalData> batch) => throw new NotSupportedException();

    /// <summary>Asks from which index on a linearizable read is allowed; answered by <see cref="Effects.Reads"/> or <see cref="Effects.ReadsFailed"/>.</summary>
    public void RequestRead(in ReadContext context) => throw new NotSupportedException();

    /// <summary>Hands leadership to a voter; on a follower, asks the leader to.</summary>
    public void TransferLeadership(RaftId target) => throw new NotSupportedException();

    /// <summary>Campaigns now.</summary>
    public void Campaign() => throw new NotSupportedException();

    /// <summary>Forgets who leads, so that the node may vote at once. For scenarios.</summary>
    public void ForgetLeader() => throw new NotSupportedException();

    /// <summary>The persist operation with this token, and all before it, are durable.</summary>
    public void OnPersisted(ulong token) => throw new NotSupportedException();

    /// <summary>The operation failed: the core halts and does nothing any more.</summary>
    public void OnPersistFailed(ulong token) => throw new NotSupportedException();

    /// <summary>The state machine has applied everything up to and including this index.</summary>
    public void OnApplied(ulong index) => throw new NotSupportedException();

    /// <summary>
    /// A snapshot that a leader offered has been received, verified and written durably aside. The core decides whether it is still wanted: if so the next
    /// <see cref="Effects.Persist"/> carries it, and the executor swaps the state when that is durable, then calls <see cref="OnApplied"/> with its index.
    /// </summary>
    /// <returns>False where it is outdated and to be dropped.</returns>
    public bool OnSnapshotReceived(RaftId from, SnapshotMeta snapshot) => throw new NotSupportedException();

    /// <summary>The log below was compacted: <see cref="ILogReader.FirstIndex"/> has moved.</summary>
    public void OnCompacted() => throw new NotSupportedException();

    /// <summary>A snapshot reached a follower, or failed to.</summary>
    public void ReportSnapshot(RaftId to, bool ok) => throw new NotSupportedException();

    /// <summary>Messages to the node can't be delivered at the moment.</summary>
    public void ReportUnreachable(RaftId node) => throw new NotSupportedException();

    /// <summary>Whether <see cref="TakeEffects"/> has anything to give.</summary>
    public bool HasEffects => throw new NotSupportedException();

    /// <summary>Moves everything to be done into <paramref name="into"/>, which is cleared first.</summary>
    public void TakeEffects(Effects into) => throw new NotSupportedException();

    /// <summary>What an operator or a test may look at.</summary>
    public CoreStatus Status => throw new NotSupportedException();

    /// <summary>The leader's view of a member; null where this node doesn't lead or the member is unknown.</summary>
    public PeerProgress? ProgressOf(RaftId peer) => throw new NotSupportedException();
}
