namespace ReplicatedState;

/// <summary>The other side belongs to another cluster, another epoch, or speaks another version of the wire.</summary>
public sealed class ClusterMismatchException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_CLUSTER_MISMATCH", message, innerException)
{
}
