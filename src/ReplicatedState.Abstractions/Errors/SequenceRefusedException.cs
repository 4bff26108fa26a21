namespace ReplicatedState;

/// <summary>The sequence number was acknowledged before, or lies beyond the session's window. The call was not executed by this attempt.</summary>
public sealed class SequenceRefusedException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_SEQUENCE_REFUSED", message, innerException)
{
}
