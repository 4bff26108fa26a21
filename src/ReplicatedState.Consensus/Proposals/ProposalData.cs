namespace ReplicatedState.Consensus;

/// <summary>Something to append to the log. The core takes its own reference to the payload when it accepts it.</summary>
public readonly record struct ProposalData(EntryKind Kind, Payload Payload);
