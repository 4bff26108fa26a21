namespace ReplicatedState.Testing;

/// <summary>Finds machines that aren't deterministic, by executing the same commands under other circumstances and comparing every answer and every state.</summary>
public static class DeterminismProbe
{
    /// <summary>A probe of this machine.</summary>
    /// <typeparam name="TMachine">The class with <see cref="ReplicatedStateMachineAttribute"/>.</typeparam>
    public static DeterminismProbe<TMachine> Of<TMachine>()
        where TMachine : class, IReplicatedStateMachine<TMachine> => new();
}
