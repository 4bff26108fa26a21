namespace ReplicatedState;

/// <summary>The encoded command is larger than the cluster accepts. The call was not executed.</summary>
public sealed class PayloadTooLargeException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_PAYLOAD_TOO_LARGE", message, innerException)
{
}
