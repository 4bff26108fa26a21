namespace ReplicatedState.Runtime.Scheduling;

/// <summary>Runs actors. Threads in production, a seeded order in the simulator.</summary>
public interface IScheduler
{
    /// <summary>Starts to run an actor whenever its wake handle was signalled.</summary>
    IWakeHandle Add(IActor actor);

    /// <summary>Stops running the actor; returns when no turn of it is under way.</summary>
    void Remove(IActor actor);
}

/// <summary>Wakes one actor. Safe for any thread, cheap when the actor is awake.</summary>
public interface IWakeHandle
{
    /// <summary>The actor has work. Never lost: a turn begins after this call.</summary>
    void Wake();

    /// <summary>The actor wants a turn no later than this, by <see cref="IClock.MonotonicMs"/>, even if nobody wakes it. Replaces an earlier wish.</summary>
    void WakeAt(long monotonicMs);
}
