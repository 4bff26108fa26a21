namespace ReplicatedState.Runtime.Scheduling;

/// <summary>The production scheduler: one dedicated thread per actor, parked while it has nothing to do. There is no timer; a parked thread wakes itself.</summary>
public sealed class ThreadedScheduler(IClock clock) : IScheduler, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ActorThread> _threads = [];
    private bool _disposed;

    /// <inheritdoc/>
    public IWakeHandle Add(IActor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var thread = new ActorThread(actor, clock);
            _threads.Add(thread);
            thread.Start();
            return thread;
        }
    }

    /// <inheritdoc/>
    public void Remove(IActor actor)
    {
        ActorThread? thread;
        lock (_gate)
        {
            thread = _threads.Find(candidate => ReferenceEquals(candidate.Actor, actor));
            if (thread is not null)
                _threads.Remove(thread);
        }

        thread?.Stop();
    }

    /// <summary>How often the actor's thread was woken from its park, by others or by its own wish. For tests and metrics.</summary>
    public long WakeUps(IActor actor)
    {
        lock (_gate)
            return _threads.Find(candidate => ReferenceEquals(candidate.Actor, actor))?.WakeUps ?? 0;
    }

    /// <summary>Stops all threads.</summary>
    public void Dispose()
    {
        ActorThread[] threads;
        lock (_gate)
        {
            _disposed = true;
            threads = [.. _threads];
            _threads.Clear();
        }

        foreach (ActorThread thread in threads)
            thread.Stop();
    }
}
