namespace ReplicatedState;

/// <summary>The client session is not known to the group any more. The call that got this answer was not executed.</summary>
public sealed class SessionExpiredException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_SESSION_EXPIRED", message, innerException)
{
}
