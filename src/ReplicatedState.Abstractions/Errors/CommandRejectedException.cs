namespace ReplicatedState;

/// <summary>How a command says no: code and message are replicated, and come back to the caller as this exception.</summary>
/// <remarks>The code here is the machine's own, such as <c>insufficient_funds</c>; see <see cref="RejectionCode"/>.</remarks>
public sealed class CommandRejectedException(string rejectionCode, string message) : ConsensusException("CONSENSUS_COMMAND_REJECTED", message)
{
    /// <summary>The machine's own code for the refusal.</summary>
    public string RejectionCode { get; } = rejectionCode;
}
