namespace ReplicatedState;

/// <summary>No node of the cluster could be reached, or none answered. A command that ends so was not executed.</summary>
public sealed class ClusterUnreachableException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_UNREACHABLE", message, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
