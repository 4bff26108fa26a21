using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>
/// A simulated node's clocks, which run a little fast or slow. The monotonic one starts anywhere and stands still while the machine is suspended; the wall clock is off, can
/// be set, and shows how long a suspension was.
/// </summary>
internal sealed class NodeClock
{
    /// <summary>When the machine started or went on, in true time, and what the monotonic clock showed then.</summary>
    private readonly List<(long SinceUs, long AtUs)> _runs = [];
    private long _sinceUs;
    private long _atSinceUs;
    private long _wallAheadUs;

    /// <summary>By how many thousandths the clocks run faster than true time; negative for slower.</summary>
    public int GainPerMille { get; set; }

    /// <summary>True while the machine is suspended.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>The machine starts.</summary>
    public void Start(VirtualClock clock, long monotonicUs, long skewMs)
    {
        (_sinceUs, _atSinceUs) = (clock.NowUs, monotonicUs);
        _runs.Clear();
        _runs.Add((_sinceUs, _atSinceUs));
        IsSuspended = false;
        SetWall(clock, skewMs);
    }

    /// <summary>The wall clock is set to so far from true time.</summary>
    public void SetWall(VirtualClock clock, long skewMs) => _wallAheadUs = ((clock.WallMs + skewMs) * 1000) - MonotonicUs(clock.NowUs);

    /// <summary>The machine is suspended.</summary>
    public void Suspend(long nowUs)
    {
        (_sinceUs, _atSinceUs) = (nowUs, MonotonicUs(nowUs));
        IsSuspended = true;
    }

    /// <summary>The machine goes on.</summary>
    public void Resume(long nowUs)
    {
        _wallAheadUs += nowUs - _sinceUs;
        _sinceUs = nowUs;
        _runs.Add((_sinceUs, _atSinceUs));
        IsSuspended = false;
    }

    /// <summary>What the clocks show.</summary>
    public ClockReading Read(VirtualClock clock) => new((MonotonicUs(clock.NowUs) + _wallAheadUs) / 1000, MonotonicUs(clock.NowUs) / 1000);

    /// <summary>How much true time passes while the monotonic clock shows that so much has.</summary>
    public long TrueUs(long us) => us * 1000 / (1000 + GainPerMille);

    /// <summary>The true time at which the monotonic clock began to show this.</summary>
    public long TrueTimeOf(long monotonicMs)
    {
        int run = _runs.Count - 1;
        while (run > 0 && _runs[run].AtUs > monotonicMs * 1000)
            run--;
        return _runs[run].SinceUs + Math.Max(0, TrueUs((monotonicMs * 1000) - _runs[run].AtUs));
    }

    private long MonotonicUs(long nowUs) => IsSuspended ? _atSinceUs : _atSinceUs + ((nowUs - _sinceUs) * (1000 + GainPerMille) / 1000);
}
