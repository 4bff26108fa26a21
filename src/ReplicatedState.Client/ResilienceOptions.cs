using System.Security.Cryptography;

namespace ReplicatedState.Client;

/// <summary>When and how often a client sends a call again, and when it leaves a dead node alone.</summary>
/// <remarks>Only what can't execute twice is sent again: queries, and commands that carry a session and sequence.</remarks>
public sealed class ResilienceOptions
{
    /// <summary>Whether calls are sent again at all (<c>resilience.enable_retry</c>). Following a leader hint is no retry. Default true.</summary>
    public bool EnableRetry { get; set; } = true;

    /// <summary>How often one call is sent again (<c>resilience.max_retries</c>); null until its time is over, which rides out an election. Default null.</summary>
    public int? MaxRetries { get; set; }

    /// <summary>The wait before the first retry (<c>resilience.retry_delay</c>); jittered down to half. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>By how much each wait is longer than the one before (<c>resilience.retry_backoff_factor</c>). At least 1. Default 2.</summary>
    public double RetryBackoffFactor { get; set; } = 2.0;

    /// <summary>The longest wait (<c>resilience.max_retry_delay</c>). Default 5 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a node that can't be reached is left alone for a while (<c>resilience.enable_circuit_breaker</c>). Default true.</summary>
    public bool EnableCircuitBreaker { get; set; } = true;

    /// <summary>How many connections in a row must fail for that (<c>resilience.circuit_breaker_threshold</c>). At least 2. Default 5.</summary>
    public int CircuitBreakerThreshold { get; set; } = 5;

    /// <summary>For how long it is left alone, unless another node names it as the leader (<c>resilience.circuit_breaker_timeout</c>). At least 500 ms. Default 30 s.</summary>
    public TimeSpan CircuitBreakerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the jitter of the waits comes from: a number from 0 to below 1. A simulation replaces it.</summary>
    internal Func<double> Jitter { get; set; } = static () => RandomNumberGenerator.GetInt32(1000) / 1000.0;

    /// <summary>Checks every value.</summary>
    /// <exception cref="InvalidConfigurationException">The message names the setting and the mistake.</exception>
    public void Validate()
    {
        if (MaxRetries < 0)
            throw new InvalidConfigurationException($"{nameof(MaxRetries)} is {MaxRetries}; it can't be negative.");
        if (RetryDelay <= TimeSpan.Zero)
            throw new InvalidConfigurationException($"{nameof(RetryDelay)} is {RetryDelay}; it must be positive.");
        if (MaxRetryDelay < RetryDelay)
            throw new InvalidConfigurationException($"{nameof(MaxRetryDelay)} is {MaxRetryDelay}, shorter than {nameof(RetryDelay)} ({RetryDelay}).");
        if (!double.IsFinite(RetryBackoffFactor) || RetryBackoffFactor < 1)
            throw new InvalidConfigurationException($"{nameof(RetryBackoffFactor)} is {RetryBackoffFactor}; it must be at least 1.");
        if (CircuitBreakerThreshold < 2)
            throw new InvalidConfigurationException($"{nameof(CircuitBreakerThreshold)} is {CircuitBreakerThreshold}; it must be at least 2.");
        if (CircuitBreakerTimeout < TimeSpan.FromMilliseconds(500))
            throw new InvalidConfigurationException($"{nameof(CircuitBreakerTimeout)} is {CircuitBreakerTimeout}; it must be at least 500 ms.");
    }
}
