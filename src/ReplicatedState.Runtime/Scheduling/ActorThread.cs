namespace ReplicatedState.Runtime.Scheduling;

/// <summary>The thread of one actor: runs turns while there is work, spins for a moment where more is about to come, then parks.</summary>
internal sealed class ActorThread : IWakeHandle
{
    /// <summary>Longer than a hop between two threads takes, shorter than waking a parked one costs.</summary>
    private const long SpinUsMax = 20;

    private static readonly bool SpinningPays = Environment.ProcessorCount > 1;
    private readonly object _gate = new();
    private readonly IClock _clock;
    private readonly ISpinningActor? _spinning;
    private readonly Thread _thread;
    private int _signalled;
    private int _parked;
    private long _wakeAtMs = long.MaxValue;
    private long _wakeUps;
    private volatile bool _stopping;

    public ActorThread(IActor actor, IClock clock)
    {
        Actor = actor;
        _clock = clock;
        _spinning = actor as ISpinningActor;
        _thread = new Thread(Run) { IsBackground = true, Name = actor.Name };
    }

    public IActor Actor { get; }

    public long WakeUps => Interlocked.Read(ref _wakeUps);

    public void Start() => _thread.Start();

    public void Wake()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
            PulseIfParked();
    }

    public void WakeAt(long monotonicMs)
    {
        Interlocked.Exchange(ref _wakeAtMs, monotonicMs);
        if (Thread.CurrentThread != _thread)
            PulseIfParked();
    }

    /// <summary>Returns when no turn is under way; from within a turn, lets it be the last.</summary>
    public void Stop()
    {
        _stopping = true;
        lock (_gate)
            Monitor.Pulse(_gate);
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    private void Run()
    {
        // The first turn is the first signal's: before that, whoever added the actor hasn't given it its wake handle yet.
        Park();
        while (!_stopping)
        {
            Interlocked.Exchange(ref _signalled, 0);
            if (_clock.MonotonicMs >= Interlocked.Read(ref _wakeAtMs))
                Interlocked.Exchange(ref _wakeAtMs, long.MaxValue);
            if (Actor.RunOnce() || SignalledWhileSpinning())
                continue;
            Park();
        }
    }

    private bool SignalledWhileSpinning()
    {
        if (!SpinningPays || _spinning is not { ExpectsWorkSoon: true })
            return false;
        long until = _clock.MonotonicUs + SpinUsMax;
        do
        {
            if (Volatile.Read(ref _signalled) == 1)
                return true;
            Thread.SpinWait(8);
        }
        while (_clock.MonotonicUs < until);
        return false;
    }

    private void Park()
    {
        lock (_gate)
        {
            // The exchange orders this before the check of the signal; the waker does the same two steps in the opposite order, so one of them sees the other.
            Interlocked.Exchange(ref _parked, 1);
            while (Volatile.Read(ref _signalled) == 0 && !_stopping)
            {
                long wakeAt = Interlocked.Read(ref _wakeAtMs);
                if (wakeAt == long.MaxValue)
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                long left = wakeAt - _clock.MonotonicMs;
                if (left <= 0)
                    break;
                Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
            }

            Interlocked.Exchange(ref _parked, 0);
        }

        Interlocked.Increment(ref _wakeUps);
    }

    private void PulseIfParked()
    {
        if (Volatile.Read(ref _parked) == 0)
            return;
        lock (_gate)
            Monitor.Pulse(_gate);
    }
}
