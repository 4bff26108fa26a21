namespace ReplicatedState;

/// <summary>An event that a command has emitted, as a watch hands it out.</summary>
/// <typeparam name="TEvent">The event's type.</typeparam>
/// <param name="Position">Where it stands among the machine's events; <see cref="EventPosition.Next"/> is where to go on.</param>
/// <param name="Time">The log's time when it was emitted: <see cref="CommandContext.Now"/> of the command.</param>
/// <param name="Value">The event.</param>
public readonly record struct MachineEvent<TEvent>(EventPosition Position, DateTimeOffset Time, TEvent Value);
