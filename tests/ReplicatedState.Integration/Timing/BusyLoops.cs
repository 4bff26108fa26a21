using System.Diagnostics;

namespace ReplicatedState.Integration.Timing;

/// <summary>Processes that do nothing but compute, at the lower priority that <c>nice</c> gives. They end with this object, and by themselves where this process is killed.</summary>
internal sealed class BusyLoops : IDisposable
{
    private const int SecondsMax = 120;
    private readonly Process[] _loops;

    /// <param name="perProcessor">How many for each processor.</param>
    public BusyLoops(int perProcessor) =>
        _loops = [.. Enumerable.Range(0, perProcessor * Environment.ProcessorCount).Select(_ => Process.Start("nice", ["timeout", $"{SecondsMax}", "sh", "-c", "while :; do :; done"]))];

    public void Dispose()
    {
        foreach (Process loop in _loops)
        {
            loop.Kill(entireProcessTree: true);
            loop.WaitForExit();
            loop.Dispose();
        }
    }
}
