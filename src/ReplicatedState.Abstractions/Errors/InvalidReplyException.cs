namespace ReplicatedState;

/// <summary>The call was executed, but its result can't be decoded: client and node disagree about the result's type.</summary>
public sealed class InvalidReplyException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_INVALID_REPLY", message, innerException)
{
}
