namespace ReplicatedState.Scenarios.Format;

/// <summary>A scenario file, or the output that it expects, can't be understood. Names the line.</summary>
internal sealed class ScenarioFormatException(int line, string what) : Exception($"line {line}: {what}");
