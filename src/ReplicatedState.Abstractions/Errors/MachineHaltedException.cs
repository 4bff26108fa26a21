namespace ReplicatedState;

/// <summary>The machine stopped applying on the asked node rather than guess; the message tells why. The call was not executed there.</summary>
public sealed class MachineHaltedException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_MACHINE_HALTED", message, innerException)
{
}
