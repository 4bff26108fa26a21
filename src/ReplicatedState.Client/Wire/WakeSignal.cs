using System.Threading.Tasks.Sources;

namespace ReplicatedState.Client.Wire;

/// <summary>Wakes the one loop that writes a stream. Nothing is allocated, and the loop goes on upon the thread that signalled.</summary>
/// <remarks>So the first write of a quiet stream starts at once; whatever comes while it is under way gathers for the next.</remarks>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;
    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Completes at the next signal, at once where one came since the last wait. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
            return new ValueTask(this, _core.Version);
        Volatile.Write(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    /// <summary>There is something to do. Never call it under a lock: the loop may run before this returns.</summary>
    public void Set()
    {
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, Signalled, Idle))
            {
                case Idle or Signalled:
                    return;
                case Waiting when Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting:
                    _core.SetResult(true);
                    return;
            }
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
