using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace ReplicatedState.Client;

/// <summary>The end of one attempt that is still to come: pooled, awaited once, settled once. For those who implement <see cref="IClientEndpoint"/>.</summary>
/// <remarks>
/// Whoever awaits goes on in the thread pool, never on the thread that settled: that one reads a socket or runs a node.
/// Settling is exclusive by the endpoint's own bookkeeping: a pending reply that was removed from its table by one thread is settled by that thread.
/// </remarks>
public sealed class PendingReply : IValueTaskSource<EndpointReply>, IThreadPoolWorkItem
{
    private const int PooledMax = 8192;
    private static readonly ConcurrentQueue<PendingReply> Pool = new();
    private static int _pooled;
    private ManualResetValueTaskSourceCore<EndpointReply> _core;
    private EndpointReply _reply;
    private OperationCanceledException? _cancelled;
    private CancellationTokenRegistration _watch;
    private bool _watched;
    private bool _kept;

    private PendingReply()
    {
    }

    /// <summary>For the endpoint's use: what it knows the attempt by.</summary>
    public ulong Id { get; set; }

    /// <summary>For the endpoint's use: when the attempt has taken too long, in its own unit.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    /// <summary>For the endpoint's use: whom <see cref="Watch"/>'s callback turns to.</summary>
    public object? Owner { get; set; }

    /// <summary>Takes an unsettled one from the pool. It goes back by itself once it has been settled and awaited.</summary>
    public static PendingReply Rent()
    {
        if (Pool.TryDequeue(out PendingReply? pending))
            Interlocked.Decrement(ref _pooled);
        else
            pending = new PendingReply();
        return pending;
    }

    /// <summary>What the caller awaits, exactly once.</summary>
    public ValueTask<EndpointReply> Task => new(this, _core.Version);

    /// <summary>Calls back with this object when the caller gives up. Once per use, before it can be settled: under the endpoint's lock.</summary>
    public void Watch(Action<object?, CancellationToken> onCancelled, CancellationToken token)
    {
        if (!token.CanBeCanceled)
            return;
        _watched = true;
        _watch = token.UnsafeRegister(onCancelled, this);
    }

    /// <summary>The attempt ended.</summary>
    public void Settle(in EndpointReply reply)
    {
        _reply = reply;
        Finish();
    }

    /// <summary>The caller gave up.</summary>
    public void SettleCancelled(CancellationToken token)
    {
        _cancelled = new OperationCanceledException(token);
        Finish();
    }

    private void Finish()
    {
        // A callback that is already on its way still holds this object: then it keeps its id for good, so that the
        // callback finds nothing under it, instead of the call of whoever rented the object next.
        if (_watched && !_watch.Unregister())
            _kept = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_cancelled is { } cancelled)
            _core.SetException(cancelled);
        else
            _core.SetResult(_reply);
    }

    EndpointReply IValueTaskSource<EndpointReply>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Recycle();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<EndpointReply>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<EndpointReply>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Recycle()
    {
        if (_kept || Volatile.Read(ref _pooled) >= PooledMax)
            return;
        _core.Reset();
        _reply = default;
        _cancelled = null;
        _watch = default;
        _watched = false;
        Owner = null;
        Deadline = long.MaxValue;
        Interlocked.Increment(ref _pooled);
        Pool.Enqueue(this);
    }
}
