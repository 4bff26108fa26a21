namespace ReplicatedState.Testing.Histories;

/// <summary>A command that a replica executed.</summary>
/// <param name="LogIndex">At which index of the log.</param>
/// <param name="Client">Whose command.</param>
/// <param name="Serial">Which of this client's, as <see cref="Operation{TInput, TOutput}.Serial"/>.</param>
public readonly record struct ExecutedCommand(ulong LogIndex, long Client, ulong Serial);
