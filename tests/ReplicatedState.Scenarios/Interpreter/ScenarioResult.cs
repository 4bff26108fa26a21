namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>What became of a scenario.</summary>
/// <param name="Name">Its file's name without extension.</param>
/// <param name="Why">The first difference, or null where there was none.</param>
/// <param name="Exempt">Why it doesn't apply to our core at all, or null.</param>
internal sealed record ScenarioResult(string Name, string? Why, string? Exempt = null)
{
    public bool Passed => Why is null;

    public override string ToString() => Exempt is not null ? $"EXEMPT {Name}: {Exempt}" : Passed ? $"PASS {Name}" : $"FAIL {Name}: {Why}";
}
