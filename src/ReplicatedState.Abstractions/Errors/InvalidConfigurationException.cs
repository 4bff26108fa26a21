namespace ReplicatedState;

/// <summary>The configuration can't be used; the message names the key and the mistake.</summary>
public sealed class InvalidConfigurationException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_INVALID_CONFIGURATION", message, innerException)
{
}
