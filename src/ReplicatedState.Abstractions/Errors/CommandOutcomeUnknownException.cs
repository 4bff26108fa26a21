namespace ReplicatedState;

/// <summary>Whether the command was executed is not known, and can't be found out by sending it again.</summary>
public sealed class CommandOutcomeUnknownException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_OUTCOME_UNKNOWN", message, innerException)
{
    /// <inheritdoc/>
    public override bool IsAmbiguous => true;
}
