using System.Diagnostics;

namespace ReplicatedState.Integration.Timing;

/// <summary>A thread that wants to run every few milliseconds and notes how late it was: what the machine, and whoever else is on it, did to all processes of the same priority, the nodes included.</summary>
internal sealed class StallWitness : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private readonly Thread _thread;
    private long _longest;
    private volatile bool _ends;

    public StallWitness()
    {
        _thread = new Thread(Watch) { IsBackground = true, Name = "stall witness" };
        _thread.Start();
    }

    /// <summary>The longest delay since <see cref="Begin"/>.</summary>
    public TimeSpan Longest => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _longest));

    /// <summary>Forgets what was.</summary>
    public void Begin() => Interlocked.Exchange(ref _longest, 0);

    public void Dispose()
    {
        _ends = true;
        _thread.Join();
    }

    private void Watch()
    {
        while (!_ends)
        {
            long began = Stopwatch.GetTimestamp();
            Thread.Sleep(Interval);
            long late = Stopwatch.GetTimestamp() - began - (long)(Interval.TotalSeconds * Stopwatch.Frequency);
            if (late > Interlocked.Read(ref _longest))
                Interlocked.Exchange(ref _longest, late);
        }
    }
}
