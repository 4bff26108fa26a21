namespace ReplicatedState;

/// <summary>The machine has no command or query of that id or name. The call was not executed.</summary>
public sealed class UnknownCommandException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_UNKNOWN_COMMAND", message, innerException)
{
}
