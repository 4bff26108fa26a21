namespace ReplicatedState.Client.Calls;

/// <summary>What one attempt means for its call: the end, with a result or an error, or another attempt after a wait.</summary>
internal readonly struct AttemptOutcome
{
    private AttemptOutcome(EndpointReply reply, ConsensusException? error, TimeSpan? retryAfter)
    {
        IsSuccess = error is null && retryAfter is null;
        Reply = reply;
        Error = error;
        RetryAfter = retryAfter;
    }

    /// <summary>True where the call succeeded; false of the default value, too.</summary>
    public bool IsSuccess { get; }

    /// <summary>The answer, where the call succeeded.</summary>
    public EndpointReply Reply { get; }

    /// <summary>Why the call failed.</summary>
    public ConsensusException? Error { get; }

    /// <summary>Set where the call is to be sent again: after how long.</summary>
    public TimeSpan? RetryAfter { get; }

    public static AttemptOutcome Succeeded(in EndpointReply reply) => new(reply, null, null);

    public static AttemptOutcome Failed(ConsensusException error) => new(default, error, null);

    public static AttemptOutcome Again(TimeSpan after) => new(default, null, after);
}
