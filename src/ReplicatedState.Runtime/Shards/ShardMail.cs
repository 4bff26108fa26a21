using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Shards;

/// <summary>What a shard is told. The numbers mean nothing outside the process.</summary>
internal enum ShardMailKind : byte
{
    /// <summary>Messages of other nodes arrived.</summary>
    Frame,

    /// <summary>A client's call was admitted.</summary>
    Request,

    /// <summary>An operation of a group is durable.</summary>
    Persisted,

    /// <summary>The metadata of a snapshot of the own state is durable.</summary>
    SnapshotRecorded,

    /// <summary>The file of a snapshot of the own state is durable, or couldn't be made.</summary>
    SnapshotSaved,

    /// <summary>A snapshot arrived from another node, whole and durable.</summary>
    SnapshotReceived,

    /// <summary>The transfer of a snapshot to another node ended.</summary>
    SnapshotSent,

    /// <summary>The apply worker is done with a task.</summary>
    TaskDone,

    /// <summary>A group shall run on this shard.</summary>
    StartGroup,

    /// <summary>Frames to a node were lost.</summary>
    Unreachable,

    /// <summary>The node itself has a command for the group, if it leads.</summary>
    Propose,

    /// <summary>An operator's request.</summary>
    Operation,

    /// <summary>The group's configuration has to follow the cluster's records, if this node leads it.</summary>
    Reconfigure,

    /// <summary>A machine version shall be in effect, if this node leads.</summary>
    Activate,

    /// <summary>The node is stopping gracefully: hand leadership over.</summary>
    HandOver,

    /// <summary>A member told its leader something about itself.</summary>
    Report,

    /// <summary>A leader told a member something about its state machine.</summary>
    Verdict,

    /// <summary>A quarantine is on the disk.</summary>
    QuarantineKept,

    /// <summary>A quarantine is gone from the disk.</summary>
    QuarantineReleased,
}

/// <summary>One thing that a shard is told.</summary>
internal readonly struct ShardMail
{
    public ShardMailKind Kind { get; private init; }

    /// <summary>The group concerned, where the sender knows its replica.</summary>
    public GroupReplica? Replica { get; private init; }

    /// <summary>Frame: the frame. Request: the request. Others: see the factory methods.</summary>
    public object? Subject { get; private init; }

    /// <summary>Persisted: the token. Unreachable, SnapshotSent, Report, Verdict: the node. Activate: the version.</summary>
    public ulong Number { get; private init; }

    /// <summary>Persisted: where the log ended after the operation.</summary>
    public ulong Last { get; private init; }

    /// <summary>SnapshotSent: whether it arrived.</summary>
    public bool Flag { get; private init; }

    public static ShardMail Frame(Wire.InboundFrame frame) => new() { Kind = ShardMailKind.Frame, Subject = frame };

    public static ShardMail Request(GroupReplica replica, Requests.NodeRequest request) =>
        new() { Kind = ShardMailKind.Request, Replica = replica, Subject = request };

    public static ShardMail Persisted(GroupReplica replica, Persist operation) =>
        new() { Kind = ShardMailKind.Persisted, Replica = replica, Number = operation.Token, Last = operation.Attested.Index };

    public static ShardMail SnapshotRecorded(GroupReplica replica, SnapshotMeta snapshot) =>
        new() { Kind = ShardMailKind.SnapshotRecorded, Replica = replica, Subject = snapshot };

    public static ShardMail SnapshotSaved(GroupReplica replica, Storage.StoredSnapshot? snapshot) =>
        new() { Kind = ShardMailKind.SnapshotSaved, Replica = replica, Subject = snapshot };

    public static ShardMail SnapshotReceived(GroupReplica replica, Snapshots.ReceivedSnapshot snapshot) =>
        new() { Kind = ShardMailKind.SnapshotReceived, Replica = replica, Subject = snapshot };

    public static ShardMail SnapshotSent(GroupReplica replica, RaftId to, bool arrived) =>
        new() { Kind = ShardMailKind.SnapshotSent, Replica = replica, Number = to.Value, Flag = arrived };

    public static ShardMail TaskDone(GroupReplica replica, MachineTask task) => new() { Kind = ShardMailKind.TaskDone, Replica = replica, Subject = task };

    public static ShardMail StartGroup(SystemGroup.ClusterGroup description) => new() { Kind = ShardMailKind.StartGroup, Subject = description };

    public static ShardMail Unreachable(RaftId node) => new() { Kind = ShardMailKind.Unreachable, Number = node.Value };

    public static ShardMail Operation(GroupReplica replica, Node.GroupOperation operation) =>
        new() { Kind = ShardMailKind.Operation, Replica = replica, Subject = operation };

    public static ShardMail Propose(GroupReplica replica, byte[] payload) =>
        new() { Kind = ShardMailKind.Propose, Replica = replica, Subject = payload };

    public static ShardMail Report(GroupReplica replica, RaftId from, Wire.ReplicaReport report) =>
        new() { Kind = ShardMailKind.Report, Replica = replica, Number = from.Value, Subject = report };

    public static ShardMail Verdict(GroupReplica replica, RaftId from, Wire.Verdict verdict) =>
        new() { Kind = ShardMailKind.Verdict, Replica = replica, Number = from.Value, Subject = verdict };

    public static ShardMail QuarantineKept(GroupReplica replica, Storage.QuarantineRecord record) =>
        new() { Kind = ShardMailKind.QuarantineKept, Replica = replica, Subject = record };

    public static ShardMail QuarantineReleased(GroupReplica replica, Storage.QuarantineRecord record) =>
        new() { Kind = ShardMailKind.QuarantineReleased, Replica = replica, Subject = record };

    public static ShardMail Reconfigure(GroupReplica replica, Administration.MembershipStep step) =>
        new() { Kind = ShardMailKind.Reconfigure, Replica = replica, Subject = step };

    public static ShardMail Activate(GroupReplica replica, int version) => new() { Kind = ShardMailKind.Activate, Replica = replica, Number = (ulong)version };

    public static ShardMail HandOver() => new() { Kind = ShardMailKind.HandOver };
}
