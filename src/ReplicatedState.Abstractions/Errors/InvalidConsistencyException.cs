namespace ReplicatedState;

/// <summary>The query asked for a consistency that doesn't exist, without what it needs, or with a session token that the group can't have given. It was not answered.</summary>
public sealed class InvalidConsistencyException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_INVALID_CONSISTENCY", message, innerException)
{
}
