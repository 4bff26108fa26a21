namespace ReplicatedState.Client.Calls;

/// <summary>When a call may be sent again: at once while there is another node to ask, then after ever longer waits.</summary>
internal struct RetrySchedule(ResilienceOptions options)
{
    private int _retries;
    private int _hops;
    private int _waits;

    /// <summary>Asks another node at once, as long as not all of them were asked since the last wait; else waits.</summary>
    /// <returns>Null when the call has been sent often enough.</returns>
    public TimeSpan? Elsewhere(int nodes)
    {
        if (!MayRetry())
            return null;
        if (++_hops < nodes)
            return TimeSpan.Zero;
        return Wait();
    }

    /// <summary>Asks the leader that a node named. That is no retry: the call was merely sent to the wrong node.</summary>
    /// <returns>Null when the call has been sent often enough.</returns>
    public TimeSpan? Redirected(int nodes) => ++_hops <= nodes ? TimeSpan.Zero : Later();

    /// <summary>Waits.</summary>
    /// <returns>Null when the call has been sent often enough.</returns>
    public TimeSpan? Later() => MayRetry() ? Wait() : null;

    private bool MayRetry() => options.EnableRetry && _retries++ < (options.MaxRetries ?? int.MaxValue);

    // Jitter keeps the clients that one election threw back from returning all at once.
    private TimeSpan Wait()
    {
        _hops = 0;
        double full = options.RetryDelay.TotalMilliseconds * Math.Pow(options.RetryBackoffFactor, _waits++);
        double capped = Math.Min(full, options.MaxRetryDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(capped * (0.5 + (options.Jitter() / 2)));
    }
}
