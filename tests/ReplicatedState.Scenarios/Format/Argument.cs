namespace ReplicatedState.Scenarios.Format;

/// <summary>One argument of a command: <c>key</c>, <c>key=value</c> or <c>key=(value,value)</c>.</summary>
internal sealed record Argument(string Key, IReadOnlyList<string> Values);
