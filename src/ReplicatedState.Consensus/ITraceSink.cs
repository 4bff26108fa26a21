namespace ReplicatedState.Consensus;

/// <summary>Hears of every transition of a core, for logs, traces and debugging. Must not throw and must not call back.</summary>
public interface ITraceSink
{
    /// <summary>Something happened.</summary>
    void OnTransition(in Transition transition);
}
