namespace ReplicatedState.Runtime.Administration;

/// <summary>The answer to an operator's request.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Message">A sentence for a human.</param>
/// <param name="Reason">Refused: why.</param>
/// <param name="Index">Done: the snapshot's index, or the entry of the system group that the change came with; 0 where neither applies.</param>
public sealed record AdministrationOutcome(AdministrationStatus Status, string Message, AdministrationRefusal Reason = AdministrationRefusal.Rejected, ulong Index = 0)
{
    /// <summary>A refusal.</summary>
    public static AdministrationOutcome Refuse(AdministrationRefusal reason, string message) => new(AdministrationStatus.Refused, message, reason);

    /// <summary>The end of a request that did what it should.</summary>
    public static AdministrationOutcome Done(string message, ulong index = 0) => new(AdministrationStatus.Done, message, Index: index);
}
