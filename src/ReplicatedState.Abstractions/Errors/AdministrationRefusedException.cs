namespace ReplicatedState;

/// <summary>A change of the cluster was refused. Nothing was changed.</summary>
public sealed class AdministrationRefusedException(AdministrationRefusal reason, string message) : ConsensusException("CONSENSUS_ADMINISTRATION_REFUSED", message)
{
    /// <summary>Why.</summary>
    public AdministrationRefusal Reason { get; } = reason;

    /// <inheritdoc/>
    public override bool IsRetryable => Reason is AdministrationRefusal.ChangeInProgress or AdministrationRefusal.NodeNotSeen;
}
