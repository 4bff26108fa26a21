using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;

namespace ReplicatedState.Runtime.Administration;

/// <summary>
/// A machine version tried on this node's own replica before it is ordered. The state is about that of the activation: what would throw then mostly throws now, and now it costs nothing. Begun by the supervisor.
/// </summary>
internal sealed class VersionTrial : GroupOperation
{
    private readonly NodeContext _node;
    private string? _failure;
    private bool _isDone;

    private VersionTrial(NodeContext node) => _node = node;

    /// <summary>Whether it has ended.</summary>
    public bool IsDone => Volatile.Read(ref _isDone);

    /// <summary>Once it has ended, what the migration threw; null where it threw nothing, or could not be tried here.</summary>
    public string? Failure => IsDone ? _failure : null;

    /// <summary>Begins a trial; one that has ended where this node doesn't host the group.</summary>
    public static VersionTrial Begin(NodeContext node, string machine, GroupReplica? replica, int version)
    {
        var trial = new VersionTrial(node) { Kind = GroupOperationKind.TryVersion, Machine = machine, Version = version };
        if (replica is null)
            trial._isDone = true;
        else
            replica.Shard.Post(ShardMail.Operation(replica, trial));
        return trial;
    }

    /// <inheritdoc/>
    public override void Complete(GroupStatus? status, string? refusal)
    {
        _failure = refusal;
        Volatile.Write(ref _isDone, true);
        _node.Supervisor.Wake();
    }
}
