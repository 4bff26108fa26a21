namespace ReplicatedState.Scenarios.Format;

/// <summary>One step of a scenario: what to do, and what the reference engine printed when it did it.</summary>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Commands">Usually one; a block may hold several, whose outputs follow each other.</param>
/// <param name="ExpectedLine">Where the expected output begins.</param>
/// <param name="Expected">The expected output, line by line.</param>
internal sealed record Directive(int Line, IReadOnlyList<Command> Commands, int ExpectedLine, IReadOnlyList<string> Expected);
