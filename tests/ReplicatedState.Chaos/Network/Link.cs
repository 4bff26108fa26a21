namespace ReplicatedState.Chaos.Network;

/// <summary>One direction between two processes. What flows on it can be held back, as behind a cut cable, or delayed. Packets are lost by <see cref="PacketRules"/>.</summary>
/// <remarks>Any number of connections and threads.</remarks>
internal sealed class Link
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _hold;
    private Random? _jitter;
    private TimeSpan _delayMax;
    private long _held;
    private long _delayed;

    /// <summary>How often something that was sent had to wait for the link to be healed.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>How often something that was sent was delayed.</summary>
    public long Delayed => Volatile.Read(ref _delayed);

    /// <summary>Lets nothing pass from now on.</summary>
    public void Hold()
    {
        lock (_lock)
            _hold ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lets everything pass that was held back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _hold?.SetResult();
            _hold = null;
        }
    }

    /// <summary>Delays everything by up to <paramref name="max"/>, drawn anew each time; zero for no more delay.</summary>
    public void Delay(TimeSpan max, int seed)
    {
        lock (_lock)
            (_delayMax, _jitter) = (max, new Random(seed));
    }

    /// <summary>For how long something that is sent now is on its way.</summary>
    public TimeSpan DrawDelay()
    {
        lock (_lock)
        {
            if (_delayMax == TimeSpan.Zero)
                return TimeSpan.Zero;
            _delayed++;
            return _delayMax * _jitter!.NextDouble();
        }
    }

    /// <summary>Returns when something may pass.</summary>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        while (Holding() is { } hold)
            await hold.WaitAsync(cancellationToken);
    }

    private Task? Holding()
    {
        lock (_lock)
        {
            if (_hold is null)
                return null;
            _held++;
            return _hold.Task;
        }
    }
}
