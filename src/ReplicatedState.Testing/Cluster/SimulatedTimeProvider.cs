namespace ReplicatedState.Testing.Cluster;

/// <summary>Virtual time for code that takes a <see cref="TimeProvider"/>: timers are events of the run.</summary>
internal sealed class SimulatedTimeProvider(ClusterWorkload run) : TimeProvider
{
    private const long TicksPerUs = TimeSpan.TicksPerMillisecond / 1000;

    /// <summary>Timers that are going to fire.</summary>
    public int Active { get; private set; }

    public override long TimestampFrequency => 1_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => run.NowUs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(VirtualClock.StartWallMs).AddTicks(run.NowUs * TicksPerUs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        run.CheckThread();
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimulatedTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private int _generation;
        private bool _active;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _generation++;
            SetActive(dueTime != Timeout.InfiniteTimeSpan);
            if (_active)
                Plan(dueTime);
            return true;
        }

        public void Dispose()
        {
            _generation++;
            SetActive(false);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Plan(TimeSpan after)
        {
            int generation = _generation;
            time.Run.PlanCallback((after.Ticks + TicksPerUs - 1) / TicksPerUs, () =>
            {
                if (generation != _generation)
                    return;
                if (_period > TimeSpan.Zero)
                    Plan(_period);
                else
                    SetActive(false);
                callback(state);
            });
        }

        private void SetActive(bool active)
        {
            time.Active += active == _active ? 0 : active ? 1 : -1;
            _active = active;
        }
    }

    private ClusterWorkload Run => run;
}
