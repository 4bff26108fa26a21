using System.Globalization;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Runtime.Shards;

/// <summary>The actor that works on one group's machine where that may take long, so that the shard, with its heartbeats and its other groups, never waits for a machine.</summary>
/// <remarks>Exists only while there is something for it: a group whose commands are quick and that takes no snapshot has none.</remarks>
internal sealed class ApplyWorker : IActor
{
    private readonly NodeContext _node;
    private readonly GroupReplica _replica;
    private readonly Mailbox<MachineTask> _tasks = new(int.MaxValue);
    private readonly IWakeHandle _wake;

    public ApplyWorker(NodeContext node, GroupReplica replica)
    {
        _node = node;
        _replica = replica;
        _wake = node.Scheduler.Add(this);
    }

    /// <inheritdoc/>
    public string Name => $"apply {_replica.Id}";

    /// <summary>Leaves a task; the shard hears when it is done.</summary>
    public void Post(MachineTask task)
    {
        _tasks.Post(task);
        _wake.Wake();
    }

    /// <summary>Takes no more turns. Returns when none is under way.</summary>
    public void Stop() => _node.Scheduler.Remove(this);

    /// <inheritdoc/>
    public bool RunOnce()
    {
        if (_node.IsStopped)
            return false;
        try
        {
            // Commands run on this thread, and their results must not depend on the machine's language.
            if (!ReferenceEquals(CultureInfo.CurrentCulture, CultureInfo.InvariantCulture))
                CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            ReadOnlySpan<MachineTask> tasks = _tasks.Drain();
            foreach (MachineTask task in tasks)
            {
                task.Run();
                _replica.Shard.Post(ShardMail.TaskDone(_replica, task));
            }

            return !tasks.IsEmpty;
        }
        catch (Exception failure)
        {
            _node.Fail($"Work on the machine of group {_replica.Id} ('{_replica.Description.Name}') failed, so the node stops rather than guess: {failure.Message}", failure);
            return false;
        }
    }
}
