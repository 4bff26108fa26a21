namespace ReplicatedState;

/// <summary>The asked node's state is older than the query's bound, and no leader could be asked for a newer one. The query was not answered.</summary>
public sealed class StaleReadException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_STALE_READ", message, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
