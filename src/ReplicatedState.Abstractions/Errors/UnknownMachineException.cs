namespace ReplicatedState;

/// <summary>The cluster hosts no machine of that name.</summary>
public sealed class UnknownMachineException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_UNKNOWN_MACHINE", message, innerException)
{
}
