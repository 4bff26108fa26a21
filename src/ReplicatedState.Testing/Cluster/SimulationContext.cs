namespace ReplicatedState.Testing.Cluster;

/// <summary>Where users' asynchronous code goes on: on the thread of the run, one piece after another, in the order in which the pieces became ready.</summary>
internal sealed class SimulationContext : SynchronizationContext
{
    /// <summary>Longer than any lock is held; who waits longer waits for what only this thread could do.</summary>
    private const int BlockedMsMax = 5_000;
    private readonly ClusterWorkload _run;
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();

    public SimulationContext(ClusterWorkload run)
    {
        _run = run;
        SetWaitNotificationRequired();
    }

    /// <summary>Whether the caller is on the thread of the run.</summary>
    public bool IsOnThread => Thread.CurrentThread == _thread;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsOnThread)
            _ready.Enqueue((d, state));
        else
            _run.OnLeft("something that it awaited ended on another thread");
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("A simulation has one thread; nobody can wait for it.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>The runtime's way of asking before it blocks this thread.</summary>
    /// <exception cref="InvalidOperationException">It would be blocked for good.</exception>
    public override int Wait(nint[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        bool isLong = millisecondsTimeout is Timeout.Infinite or > BlockedMsMax;
        int result = WaitHelper(waitHandles, waitAll, isLong ? BlockedMsMax : millisecondsTimeout);
        if (result != WaitHandle.WaitTimeout || !isLong)
            return result;
        const string how = "it blocks the thread of the run, as .Result and .Wait() do, and would wait forever";
        _run.OnLeft(how);
        throw new InvalidOperationException($"The code of a simulated client has left the simulation: {how}.");
    }

    /// <summary>Runs users' code.</summary>
    public void Run(Action action)
    {
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }

    /// <summary>Runs what has become ready, and what becomes ready by that.</summary>
    public void Drain()
    {
        if (_ready.Count == 0)
            return;
        Run(() =>
        {
            while (_ready.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
                next.Callback(next.State);
        });
    }
}
