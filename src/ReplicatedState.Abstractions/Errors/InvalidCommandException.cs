namespace ReplicatedState;

/// <summary>The arguments can't be decoded or are too many. The call was not executed.</summary>
public sealed class InvalidCommandException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_INVALID_COMMAND", message, innerException)
{
}
