namespace ReplicatedState.Consensus;

/// <summary>One message between two members of a group. Which fields mean something depends on <see cref="Kind"/>.</summary>
/// <remarks>
/// Cluster identity, epoch and wire version are checked at the border, once per frame; a message that reaches the core is of this cluster.
/// <see cref="Entries"/> lives as long as the effects or the frame that it came from: whoever keeps it retains its entries.
/// </remarks>
public struct Message
{
    /// <summary>What it says.</summary>
    public MessageKind Kind;

    /// <summary>The group.</summary>
    public GroupId Group;

    /// <summary>The sender.</summary>
    public RaftId From;

    /// <summary>The receiver.</summary>
    public RaftId To;

    /// <summary>The sender's term; in pre-votes the term it would campaign in.</summary>
    public ulong Term;

    /// <summary>
    /// Append: the position before the entries. Votes: the end of the candidate's log. AppendResponse: the index that is durable,
    /// or on rejection the index that was refused, with <see cref="Hint"/>. ReadIndexResponse: the read index. Removed: what is committed.
    /// HeartbeatResponse that rejects: the end of a log that is shorter than what was acknowledged.
    /// </summary>
    public LogPosition Log;

    /// <summary>The sender's commit index: in Append and Heartbeat the leader's, in votes and Append rejections for information.</summary>
    public ulong Commit;

    /// <summary>Append: the entries.</summary>
    public ReadOnlyMemory<Entry> Entries;

    /// <summary>Responses: no.</summary>
    public bool Reject;

    /// <summary>AppendResponse that rejects: where the leader should probe next.</summary>
    public LogPosition Hint;

    /// <summary>Votes: the campaign was ordered by the leader, so stickiness doesn't apply.</summary>
    public bool LeadershipTransfer;

    /// <summary>Heartbeat and its response: the position in the leader's queue of reads that an answer confirms.</summary>
    public ulong ReadRound;

    /// <summary>ReadIndex and its response: which request.</summary>
    public ReadContext Read;

    /// <summary>Snapshot: what is offered.</summary>
    public SnapshotMeta? Snapshot;

    /// <summary>Responses to the leader: the voter's wall clock in Unix milliseconds when it answered. 0 where unknown.</summary>
    public long WallClockMs;

    /// <summary>Heartbeat, Append and their responses: the leader's monotonic clock when it sent, echoed, so that a lease counts from sending. 0 where unknown.</summary>
    public long SentAtMs;

    /// <summary>HeartbeatResponse and AppendResponse: for so many milliseconds since it heard the leader the voter helps nobody else into office. 0: it promises nothing.</summary>
    public int PromiseMs;

    /// <summary>HeartbeatResponse: the member's priority. Heartbeat: how many voters that are well should campaign before the receiver, if the leader were gone.</summary>
    public int Priority;

    /// <summary>Heartbeat: the last index that the leader knows to be durable at the receiver, by its acknowledgements in this term.</summary>
    public ulong Match;

    /// <summary>HeartbeatResponse: what the member's state machine came to. Filled in and read by the owners of the cores.</summary>
    public HashCheckpoint Applied;

    /// <summary>ReadIndex: the leader may answer by its lease, see <see cref="ReadMode.Lease"/>.</summary>
    public bool ByLease;

    /// <inheritdoc/>
    public override readonly string ToString() => $"{From}->{To} {Kind} term {Term} log {Log} commit {Commit} entries {Entries.Length}{(Reject ? " reject" : "")}";
}
