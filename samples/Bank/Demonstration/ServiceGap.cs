using System.Diagnostics;

namespace BankSample.Demonstration;

/// <summary>Measures the longest time without a single acknowledged transfer since it was told to watch. Safe for concurrent use.</summary>
internal sealed class ServiceGap
{
    private readonly Lock _lock = new();
    private long _last;
    private long _longest;
    private bool _watching;

    /// <summary>Something is about to be broken.</summary>
    public void Watch()
    {
        lock (_lock)
        {
            _watching = true;
            _last = Stopwatch.GetTimestamp();
            _longest = 0;
        }
    }

    /// <summary>A transfer was acknowledged just now.</summary>
    public void Acknowledged()
    {
        if (!Volatile.Read(ref _watching))
            return;
        lock (_lock)
        {
            long now = Stopwatch.GetTimestamp();
            _longest = Math.Max(_longest, now - _last);
            _last = Math.Max(_last, now);
        }
    }

    /// <summary>The longest gap so far, the running one included.</summary>
    public TimeSpan Longest
    {
        get
        {
            lock (_lock)
                return _watching ? Stopwatch.GetElapsedTime(0, Math.Max(_longest, Stopwatch.GetTimestamp() - _last)) : TimeSpan.Zero;
        }
    }

    /// <summary>Service is back for good: gaps after this don't count.</summary>
    public TimeSpan End()
    {
        lock (_lock)
        {
            _watching = false;
            return Stopwatch.GetElapsedTime(0, _longest);
        }
    }
}
