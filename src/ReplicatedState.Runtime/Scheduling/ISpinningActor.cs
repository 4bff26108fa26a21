namespace ReplicatedState.Runtime.Scheduling;

/// <summary>An actor that knows when its next work is only microseconds away, so that its thread needn't be parked and woken for it.</summary>
public interface ISpinningActor : IActor
{
    /// <summary>True while requests are under way whose next step will arrive from another thread of this node. Read by the actor's thread between turns.</summary>
    bool ExpectsWorkSoon { get; }
}
