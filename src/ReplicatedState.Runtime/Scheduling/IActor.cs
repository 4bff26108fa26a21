namespace ReplicatedState.Runtime.Scheduling;

/// <summary>A part of the node that does its work when it is run and nothing in between: production gives it a thread, the simulator a turn.</summary>
public interface IActor
{
    /// <summary>For thread names, logs and traces.</summary>
    string Name { get; }

    /// <summary>Does what is waiting, bounded in time; false where there was nothing. Called by one thread at a time.</summary>
    bool RunOnce();
}
