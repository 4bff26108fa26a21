namespace ReplicatedState;

/// <summary>A bounded queue on the way is full. The call was not executed.</summary>
public sealed class OverloadedException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_OVERLOADED", message, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
