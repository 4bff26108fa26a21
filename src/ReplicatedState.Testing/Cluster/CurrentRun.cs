namespace ReplicatedState.Testing.Cluster;

/// <summary>The run that this thread is in: machines are made without arguments, and a run stays on its thread.</summary>
internal static class CurrentRun
{
    [ThreadStatic]
    private static ClusterWorkload? t_run;

    public static ClusterWorkload? Value => t_run;

    public static IDisposable Enter(ClusterWorkload run)
    {
        t_run = run;
        return new Leaving();
    }

    private sealed class Leaving : IDisposable
    {
        public void Dispose() => t_run = null;
    }
}
