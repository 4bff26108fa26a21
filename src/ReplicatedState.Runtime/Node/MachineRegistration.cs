namespace ReplicatedState.Runtime.Node;

/// <summary>A machine instance that the cluster shall host: one group of its own.</summary>
/// <param name="Name">The instance's name, by which clients address it.</param>
/// <param name="Definition">Its machine.</param>
public sealed record MachineRegistration(string Name, StateMachineDefinition Definition);
