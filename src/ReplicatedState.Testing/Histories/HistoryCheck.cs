namespace ReplicatedState.Testing.Histories;

/// <summary>The outcome of checking a history.</summary>
public sealed record HistoryCheck<TInput, TOutput>
{
    /// <summary>What was found.</summary>
    public required HistoryVerdict Verdict { get; init; }

    /// <summary>Operations in the history.</summary>
    public required int Operations { get; init; }

    /// <summary>Keys in the history.</summary>
    public required int Keys { get; init; }

    /// <summary>States that were explored, over all keys; the measure of <see cref="CheckBudget.StatesMax"/>.</summary>
    public required long StatesExplored { get; init; }

    /// <summary>Not linearizable: why.</summary>
    public HistoryViolation<TInput, TOutput>? Violation { get; init; }

    /// <summary>Inconclusive: why, in a sentence.</summary>
    public string? Doubt { get; init; }
}
