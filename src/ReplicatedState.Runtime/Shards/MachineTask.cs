namespace ReplicatedState.Runtime.Shards;

/// <summary>Something that may take long and is therefore done by the group's apply worker. Made by the shard, run by the worker, and then the shard's again.</summary>
internal abstract class MachineTask
{
    /// <summary>Does it, on the worker's thread.</summary>
    public abstract void Run();

    /// <summary>The node has stopped: ends what waits for the task and wasn't done. No thread runs it any more.</summary>
    public abstract void Abandon(string why);
}
