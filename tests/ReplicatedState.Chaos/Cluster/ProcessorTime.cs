using System.Globalization;

namespace ReplicatedState.Chaos.Cluster;

/// <summary>How much of the machine a process got, by Linux's scheduler: what tells a cluster that is stuck from one that is starved.</summary>
/// <param name="Ran">How long its living threads ran, together.</param>
/// <param name="Waited">How long they were ready to run, and others did.</param>
internal readonly record struct ProcessorTime(TimeSpan Ran, TimeSpan Waited)
{
    private const int NsPerTick = 100;

    /// <summary>Reads it; null where that isn't known, or the process is gone.</summary>
    public static ProcessorTime? Of(int processId)
    {
        try
        {
            long ran = 0;
            long waited = 0;
            foreach (string thread in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task")))
            {
                string[] times = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ');
                ran += long.Parse(times[0], CultureInfo.InvariantCulture);
                waited += long.Parse(times[1], CultureInfo.InvariantCulture);
            }

            return new ProcessorTime(TimeSpan.FromTicks(ran / NsPerTick), TimeSpan.FromTicks(waited / NsPerTick));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"its threads ran for {Ran.TotalSeconds:0.0} s and waited {Waited.TotalSeconds:0.0} s for a processor");
}
