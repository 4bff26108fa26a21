namespace ReplicatedState;

/// <summary>The call's time was over before it was executed or answered. A command that ends so was not executed.</summary>
public sealed class DeadlineExceededException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_DEADLINE_EXCEEDED", message, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
