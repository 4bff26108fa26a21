namespace ReplicatedState;

/// <summary>The node is stopping or has stopped. The call was not executed.</summary>
public sealed class NodeStoppedException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_NODE_STOPPED", message, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
