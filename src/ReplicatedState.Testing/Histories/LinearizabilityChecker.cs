namespace ReplicatedState.Testing.Histories;

/// <summary>
/// Decides whether a concurrent history is linearizable (Herlihy and Wing 1990): whether some order of its operations, in which none comes before another that had
/// returned when it was called, explains every answer. Operations of unknown outcome may stand anywhere after their call, or nowhere.
/// </summary>
/// <remarks>
/// Wing and Gong's search with Lowe's memory, key by key. Exact: a verdict other than <see cref="HistoryVerdict.Inconclusive"/> is never a guess. Deterministic as long as
/// no limit on time is set. Runs on the caller's thread; may be called from many at once, with models that may.
/// </remarks>
public static class LinearizabilityChecker
{
    /// <summary>Checks a history.</summary>
    /// <param name="model">What is right.</param>
    /// <param name="history">What was seen, in any order.</param>
    /// <param name="budget">How far to go; null for the default.</param>
    /// <exception cref="ArgumentException">An operation with an answer has no return, or returns before it is called; or the budget limits time and names no clock.</exception>
    public static HistoryCheck<TInput, TOutput> Check<TState, TInput, TOutput>(
        ISequentialModel<TState, TInput, TOutput> model,
        IEnumerable<Operation<TInput, TOutput>> history,
        CheckBudget? budget = null)
        where TState : IEquatable<TState>?
    {
        budget ??= new CheckBudget();
        if (budget is { MillisecondsMax: not null, Clock: null })
            throw new ArgumentException("A limit on time needs a clock.", nameof(budget));
        long? deadlineMs = budget.Clock?.MonotonicMs + budget.MillisecondsMax;
        int count = 0;
        var byKey = new Dictionary<string, List<Operation<TInput, TOutput>>>(StringComparer.Ordinal);
        foreach (Operation<TInput, TOutput> operation in history)
        {
            Validate(operation);
            count++;
            if (!byKey.TryGetValue(operation.Key, out List<Operation<TInput, TOutput>>? operations))
                byKey.Add(operation.Key, operations = []);
            operations.Add(operation);
        }

        long explored = 0;
        HistoryViolation<TInput, TOutput>? violation = null;
        string? doubt = null;
        foreach ((string key, List<Operation<TInput, TOutput>> operations) in byKey)
        {
            var keyHistory = new KeyHistory<TInput, TOutput>(key, operations);
            var search = new KeySearch<TState, TInput, TOutput>(model, keyHistory);
            HistoryVerdict verdict = search.Run(keyHistory.ByReturn.Length, budget, deadlineMs);
            explored += search.Explored;
            if (verdict == HistoryVerdict.Inconclusive)
                doubt ??= $"Key '{key}' with {operations.Count} operations is undecided: {search.Doubt}.";
            if (verdict != HistoryVerdict.NotLinearizable)
                continue;
            violation = ViolationReport.Of(model, keyHistory, search);
            break;
        }

        return new HistoryCheck<TInput, TOutput>
        {
            Verdict = violation is not null ? HistoryVerdict.NotLinearizable : doubt is not null ? HistoryVerdict.Inconclusive : HistoryVerdict.Linearizable,
            Operations = count,
            Keys = byKey.Count,
            StatesExplored = explored,
            Violation = violation,
            Doubt = violation is null ? doubt : null,
        };
    }

    private static void Validate<TInput, TOutput>(Operation<TInput, TOutput> operation)
    {
        if (operation is { Status: OperationStatus.Ok, Return: null })
            throw new ArgumentException($"An operation of client {operation.Client} called at {operation.Call} has an answer and no return.", nameof(operation));
        if (operation.Return < operation.Call)
            throw new ArgumentException($"An operation of client {operation.Client} is called at {operation.Call} and returns at {operation.Return}, before that.", nameof(operation));
    }
}
