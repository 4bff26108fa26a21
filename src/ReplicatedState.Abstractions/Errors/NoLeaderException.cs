namespace ReplicatedState;

/// <summary>The group has no leader that the asked nodes know of. The call was not executed.</summary>
public sealed class NoLeaderException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_NO_LEADER", message, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
