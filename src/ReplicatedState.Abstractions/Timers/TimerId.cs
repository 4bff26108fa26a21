namespace ReplicatedState;

/// <summary>Names a timer that a command has set with <see cref="CommandContext.Schedule"/>. Equal on every replica, and never given twice in a group; may be kept in the machine's state.</summary>
/// <param name="Value">Counts the group's timers from 1.</param>
public readonly record struct TimerId(ulong Value);
