using System.Globalization;

namespace ReplicatedState.Testing.Histories;

/// <summary>
/// Checks a history against the order that the service itself claims: that of its log. Replays the operations by index and looks at every answer, at the order of calls and
/// returns, and that no command was executed twice, lost after it was acknowledged, or executed after it was refused.
/// </summary>
/// <remarks>
/// Linear time after sorting, so it is the first check of a long history. It says more than linearizability: that the log's order is an explanation, not only that there is one.
/// </remarks>
public static class IndexOrderedValidator
{
    /// <summary>Checks a history.</summary>
    /// <param name="model">What is right.</param>
    /// <param name="history">
    /// What was seen, in any order. Without <paramref name="log"/> every command with an answer has a <see cref="Operation{TInput, TOutput}.LogIndex"/>, every query always.
    /// </param>
    /// <param name="log">What a replica executed, all of it, in the order of its log; commands are then found by client and serial. Null where that isn't known.</param>
    /// <exception cref="ArgumentException">An operation with an answer has no return, or no index that could be known.</exception>
    public static IndexOrderCheck Check<TState, TInput, TOutput>(
        ISequentialModel<TState, TInput, TOutput> model,
        IEnumerable<Operation<TInput, TOutput>> history,
        IEnumerable<ExecutedCommand>? log = null)
        where TState : IEquatable<TState>?
    {
        var names = new OperationNames<TInput, TOutput>(model.DescribeInput, (input, output) => model.DescribeOutput(input, output));
        Dictionary<(long Client, ulong Serial), ulong>? executed = null;
        if (log is not null && ReadLog(log, out executed) is { } defect)
            return new IndexOrderCheck(HistoryVerdict.NotLinearizable, 0, defect);

        var placed = new List<Placed<TInput, TOutput>>();
        int homeless = 0;
        foreach (Operation<TInput, TOutput> operation in history)
        {
            ulong? index = operation.LogIndex;
            if (executed is not null && !operation.IsQuery)
            {
                index = executed.Remove((operation.Client, operation.Serial), out ulong found) ? found : null;
                if (index is null && operation.Status == OperationStatus.Ok)
                    return Broken(placed, $"{names.Short(operation)} was acknowledged and is not in the log.");
                if (index is not null && operation.Status == OperationStatus.Fail)
                    return Broken(placed, $"{names.Short(operation)} was refused and is in the log at {index}.");
            }

            if (operation.Status == OperationStatus.Fail || (operation.IsQuery && operation.Status == OperationStatus.Unknown))
                continue;
            if (operation.Status == OperationStatus.Ok && (operation.Return is null || index is null))
                throw new ArgumentException($"{names.Short(operation)} has an answer and no {(index is null ? "log index" : "return")}.", nameof(history));
            if (index is { } at)
                placed.Add(new Placed<TInput, TOutput>(operation, at));
            else if (executed is null)
                homeless++;
        }

        if (executed?.Count > 0)
        {
            ((long client, ulong serial), ulong at) = executed.MinBy(e => e.Value);
            return Broken(placed, $"The log has command {serial} of client {client} at {at}, which is not in the history.");
        }

        placed.Sort((left, right) => left.Rank.CompareTo(right.Rank));
        if (FindIndexTwice(placed, names) is { } twice)
            return Broken(placed, twice);
        if (FindRealTimeBroken(placed, names) is { } late)
            return Broken(placed, late);
        if (Replay(model, placed, names) is not { } wrong)
            return new IndexOrderCheck(HistoryVerdict.Linearizable, placed.Count, null);
        return homeless == 0
            ? Broken(placed, wrong)
            : new IndexOrderCheck(
                HistoryVerdict.Inconclusive,
                placed.Count,
                string.Create(CultureInfo.InvariantCulture, $"{wrong} Or one of {homeless} operations of unknown outcome, whose index nobody knows, is the reason."));
    }

    private static IndexOrderCheck Broken<TInput, TOutput>(List<Placed<TInput, TOutput>> placed, string explanation) =>
        new(HistoryVerdict.NotLinearizable, placed.Count, explanation);

    private static string? ReadLog(IEnumerable<ExecutedCommand> log, out Dictionary<(long Client, ulong Serial), ulong> executed)
    {
        executed = [];
        ulong last = 0;
        foreach (ExecutedCommand command in log)
        {
            if (executed.Count > 0 && command.LogIndex <= last)
                return string.Create(CultureInfo.InvariantCulture, $"The log has index {command.LogIndex} behind {last}.");
            last = command.LogIndex;
            if (!executed.TryAdd((command.Client, command.Serial), command.LogIndex))
                return string.Create(CultureInfo.InvariantCulture, $"Command {command.Serial} of client {command.Client} was executed twice: at {executed[(command.Client, command.Serial)]} and at {command.LogIndex}.");
        }

        return null;
    }

    private static string? FindIndexTwice<TInput, TOutput>(List<Placed<TInput, TOutput>> placed, OperationNames<TInput, TOutput> names)
    {
        for (int i = 1; i < placed.Count; i++)
        {
            if (!placed[i].Operation.IsQuery && placed[i].Rank == placed[i - 1].Rank)
                return $"{names.Short(placed[i - 1].Operation)} and {names.Short(placed[i].Operation)} were both told index {placed[i].Index}.";
        }

        return null;
    }

    private static string? FindRealTimeBroken<TInput, TOutput>(List<Placed<TInput, TOutput>> placed, OperationNames<TInput, TOutput> names)
    {
        int latest = -1; // of those with a lower rank, the one that was called last
        for (int begin = 0; begin < placed.Count;)
        {
            int end = begin;
            int latestHere = latest;
            for (; end < placed.Count && placed[end].Rank == placed[begin].Rank; end++)
            {
                Operation<TInput, TOutput> operation = placed[end].Operation;
                if (latest >= 0 && operation.Status == OperationStatus.Ok && operation.Return < placed[latest].Operation.Call)
                {
                    return $"{names.Full(operation)} stands at {placed[end].Index}, behind {names.Short(placed[latest].Operation)} at {placed[latest].Index}, "
                        + string.Create(CultureInfo.InvariantCulture, $"which was called only afterwards, at {placed[latest].Operation.Call}.");
                }

                if (latestHere < 0 || operation.Call > placed[latestHere].Operation.Call)
                    latestHere = end;
            }

            latest = latestHere;
            begin = end;
        }

        return null;
    }

    private static string? Replay<TState, TInput, TOutput>(
        ISequentialModel<TState, TInput, TOutput> model, List<Placed<TInput, TOutput>> placed, OperationNames<TInput, TOutput> names)
        where TState : IEquatable<TState>?
    {
        var states = new Dictionary<string, TState>(StringComparer.Ordinal);
        foreach (Placed<TInput, TOutput> next in placed)
        {
            Operation<TInput, TOutput> operation = next.Operation;
            if (!states.TryGetValue(operation.Key, out TState? state))
                state = model.Initial;
            TOutput right = model.Apply(state!, operation.Input, out TState after);
            if (operation.Status == OperationStatus.Ok && !model.Accepts(right, operation.Output))
                return $"{names.Full(operation)} should have been answered {model.DescribeOutput(operation.Input, right)} at {next.Index}, where the state {(operation.Key.Length == 0 ? "" : $"of '{operation.Key}' ")}was {model.DescribeState(state!)}.";
            if (operation.IsQuery && !EqualityComparer<TState>.Default.Equals(state, after))
                return $"{names.Short(operation)} is a query and changes the state.";
            states[operation.Key] = after;
        }

        return null;
    }

    /// <summary>An operation and its index. Queries that saw an index come after its command, in no order among themselves.</summary>
    private readonly record struct Placed<TInput, TOutput>(Operation<TInput, TOutput> Operation, ulong Index)
    {
        public UInt128 Rank => ((UInt128)Index * 2) + (Operation.IsQuery ? 1u : 0u);
    }
}
