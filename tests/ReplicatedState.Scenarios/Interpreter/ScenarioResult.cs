namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>What became of a scenario.</summary>
/// <param name="Name">Its file's name without extension.</param>
/// <param name="Why">The first difference, or null where there was none.</param>
internal sealed record ScenarioResult(string Name, string? Why)
{
    public bool Passed => Why is null;

    public override string ToString() => Passed ? $"PASS {Name}" : $"FAIL {Name}: {Why}";
}
