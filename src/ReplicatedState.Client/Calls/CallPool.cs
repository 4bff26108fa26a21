using System.Collections.Concurrent;

namespace ReplicatedState.Client.Calls;

/// <summary>Keeps calls that were answered at once for the next user. Safe for concurrent use.</summary>
internal sealed class CallPool<TCall>(Func<TCall> make)
    where TCall : RetriedCall
{
    private const int KeptMax = 1024;
    private readonly ConcurrentQueue<TCall> _kept = new();
    private int _count;

    public TCall Rent()
    {
        if (!_kept.TryDequeue(out TCall? call))
            return make();
        Interlocked.Decrement(ref _count);
        return call;
    }

    /// <summary>Takes a call back that ended with its first attempt.</summary>
    public void Return(TCall call)
    {
        if (Volatile.Read(ref _count) >= KeptMax)
            return;
        Interlocked.Increment(ref _count);
        _kept.Enqueue(call);
    }
}
