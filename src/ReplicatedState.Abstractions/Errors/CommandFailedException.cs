namespace ReplicatedState;

/// <summary>The command or query threw. For a command the type's name is replicated; the message is known to the answering node alone.</summary>
public sealed class CommandFailedException(string exceptionType, string message) : ConsensusException("CONSENSUS_COMMAND_FAILED", message)
{
    /// <summary>The full name of the type that was thrown.</summary>
    public string ExceptionType { get; } = exceptionType;
}
