namespace ReplicatedState;

/// <summary>A snapshot doesn't fit the machine, or is damaged; the message names the key.</summary>
public sealed class InvalidSnapshotException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_INVALID_SNAPSHOT", message, innerException)
{
}
