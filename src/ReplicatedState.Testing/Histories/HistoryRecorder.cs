using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing.Histories;

/// <summary>Records what clients of one process do, as they do it.</summary>
/// <param name="clock">For when; moments are in nanoseconds of its monotonic time, made different so that the order of recording stays visible.</param>
/// <remarks>
/// Any number of threads. The cost of a call is a lock held for a few instructions. Clients in several processes need one clock, and write
/// <see cref="Operation{TInput, TOutput}"/>s themselves.
/// </remarks>
public sealed class HistoryRecorder<TInput, TOutput>(IClock clock)
{
    private readonly Lock _lock = new();
    private readonly List<Operation<TInput, TOutput>> _done = [];
    private readonly HashSet<RecordedCall<TInput, TOutput>> _open = [];
    private long _lastNs;

    /// <summary>Records a call; to be called just before the operation is sent.</summary>
    /// <param name="client">Who calls.</param>
    /// <param name="input">What is asked.</param>
    /// <param name="key">What it is about, where keys are independent of each other.</param>
    /// <returns>Told how it ended. One that is never told has an unknown outcome.</returns>
    public RecordedCall<TInput, TOutput> Begin(long client, TInput input, string key = "")
    {
        lock (_lock)
        {
            var call = new RecordedCall<TInput, TOutput>(this, new Operation<TInput, TOutput>
            {
                Client = client,
                Call = NextNs(),
                Key = key,
                Input = input,
                Status = OperationStatus.Unknown,
            });
            _open.Add(call);
            return call;
        }
    }

    /// <summary>Everything that was recorded until now, in the order of calls. What is under way has an unknown outcome.</summary>
    public IReadOnlyList<Operation<TInput, TOutput>> History()
    {
        lock (_lock)
            return [.. _done.Concat(_open.Select(c => c.Operation)).OrderBy(o => o.Call)];
    }

    internal void End(RecordedCall<TInput, TOutput> call, OperationStatus status, TOutput output)
    {
        lock (_lock)
        {
            if (!_open.Remove(call))
                throw new InvalidOperationException("It is known already how this call ended.");
            long? end = status == OperationStatus.Unknown ? null : NextNs();
            _done.Add(call.Operation with { Status = status, Return = end, Output = output });
        }
    }

    private long NextNs() => _lastNs = Math.Max(_lastNs + 1, clock.MonotonicUs * 1000);
}
