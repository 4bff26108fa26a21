namespace ReplicatedState.Json;

/// <summary>A use of a type: its place in the table of a machine's types, and whether null may stand there.</summary>
/// <param name="Type">The place in the table, from 0.</param>
/// <param name="IsNullable">Whether null may stand there.</param>
public readonly record struct JsonTypeUse(int Type, bool IsNullable = false);
