using System.Globalization;
using System.Text;

namespace ReplicatedState.Testing.Histories;

/// <summary>Turns a search that failed into what a developer wants to know.</summary>
internal static class ViolationReport
{
    private const int Named = 6;
    private const int TextBars = 12;
    private const int PageBars = 40;

    public static HistoryViolation<TInput, TOutput> Of<TState, TInput, TOutput>(
        ISequentialModel<TState, TInput, TOutput> model, KeyHistory<TInput, TOutput> history, KeySearch<TState, TInput, TOutput> failed)
        where TState : IEquatable<TState>?
    {
        Operation<TInput, TOutput> misfit = history.Known[history.ByReturn[failed.Furthest]];

        // The same search again, up to where it got: it takes the same way and stops there, with the order that was lost when the first one went back.
        var search = new KeySearch<TState, TInput, TOutput>(model, history);
        search.Run(failed.Furthest, new CheckBudget { StatesMax = long.MaxValue }, deadlineMs: null);
        List<Operation<TInput, TOutput>> prefix = search.Order();
        var placed = new HashSet<Operation<TInput, TOutput>>(prefix, ReferenceEqualityComparer.Instance);
        List<Operation<TInput, TOutput>> unplaced = [misfit, .. history.Known.Take(history.KnownOpen[failed.Furthest]).Where(o => !ReferenceEquals(o, misfit) && !placed.Contains(o))];
        List<Operation<TInput, TOutput>> unknown = [.. history.Unknown.Take(history.UnknownOpen[failed.Furthest]).Where(o => !placed.Contains(o))];
        List<TState> states = [.. failed.StatesThere];

        var names = new OperationNames<TInput, TOutput>(
            model.DescribeInput, (input, output) => model.DescribeOutput(input, output));
        string explanation = Explain(model, history, misfit, prefix, unplaced, unknown, states, names);
        return new HistoryViolation<TInput, TOutput>
        {
            Key = history.Key,
            Misfit = misfit,
            Prefix = prefix,
            Unplaced = unplaced,
            Explanation = explanation,
            Picture = TextPicture.Draw(new PictureLayout<TInput, TOutput>(misfit, prefix, unplaced, unknown, names, TextBars)),
            PictureHtml = HtmlPicture.Draw(new PictureLayout<TInput, TOutput>(misfit, prefix, unplaced, unknown, names, PageBars), history.Key, explanation),
        };
    }

    private static string Explain<TState, TInput, TOutput>(
        ISequentialModel<TState, TInput, TOutput> model,
        KeyHistory<TInput, TOutput> history,
        Operation<TInput, TOutput> misfit,
        List<Operation<TInput, TOutput>> prefix,
        List<Operation<TInput, TOutput>> unplaced,
        List<Operation<TInput, TOutput>> unknown,
        List<TState> states,
        OperationNames<TInput, TOutput> names)
        where TState : IEquatable<TState>?
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{(history.Key.Length == 0 ? "The history" : $"Key '{history.Key}'")} is not linearizable: {names.Full(misfit)} fits nowhere.");
        IEnumerable<string> right = states.Select(s => model.DescribeOutput(misfit.Input, model.Apply(s, misfit.Input, out _))).Distinct();
        text.Append(CultureInfo.InvariantCulture, $" With what had happened by then the answer could only have been {Listed(right, " or ")};");
        text.Append(CultureInfo.InvariantCulture, $" the state {Listed(states.Select(model.DescribeState).Distinct(), " or ")}.");
        text.Append(CultureInfo.InvariantCulture, $" The {prefix.Count} operations before it can be explained");
        text.Append(prefix.Count == 0 ? "." : $", in an order that ends with {string.Join(", ", prefix.TakeLast(Named).Select(names.Short))}.");
        if (unplaced.Count > 1)
            text.Append(CultureInfo.InvariantCulture, $" Under way at that moment: {Listed(unplaced.Skip(1).Select(names.Short), ", ")}.");
        if (unknown.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $" Taking effect at any time since their calls, {unknown.Count} more operations of unknown outcome don't explain it either: {Listed(Enumerable.Reverse(unknown).Select(names.Short), ", ")}.");
        return text.ToString();
    }

    private static string Listed(IEnumerable<string> words, string between)
    {
        string[] all = [.. words.Select(w => w.Length == 0 ? "nothing" : w)];
        string listed = string.Join(between, all.Take(Named));
        return all.Length > Named ? string.Create(CultureInfo.InvariantCulture, $"{listed} and {all.Length - Named} more") : listed;
    }
}
