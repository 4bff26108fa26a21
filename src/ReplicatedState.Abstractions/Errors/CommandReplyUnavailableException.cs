namespace ReplicatedState;

/// <summary>The command was executed exactly once, but its reply was too large to be kept for the retry that asks for it.</summary>
public sealed class CommandReplyUnavailableException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_REPLY_UNAVAILABLE", message, innerException)
{
}
