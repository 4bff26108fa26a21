using ReplicatedState.Testing;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>
/// Makes histories that are linearizable by construction: a random sequence of operations is executed one after the other, and every operation is then called some time before
/// and returns some time after the moment at which it was executed. Some of them never return.
/// </summary>
internal static class RandomHistory
{
    private const int MomentsBetween = 10;

    /// <param name="seed">Stands for the history.</param>
    /// <param name="operations">How many.</param>
    /// <param name="keys">Over how many keys.</param>
    /// <param name="values">How many different values are written; few of them make many orders possible. 0 makes every value a new one.</param>
    /// <param name="spread">How far, in operations, a call or a return lies from the execution at most.</param>
    /// <param name="unknownPerMille">How many have an unknown outcome; half of those never happen.</param>
    /// <param name="appends">With appends, too.</param>
    public static List<Operation<RegisterCall, RegisterResult>> Make(
        ulong seed, int operations, int keys = 1, int values = 3, int spread = 4, int unknownPerMille = 100, bool appends = false)
    {
        var random = new SeededRandom(seed);
        var states = new RegisterValue[keys];
        var history = new List<Operation<RegisterCall, RegisterResult>>(operations);
        RegisterValue NewValue(int i) => RegisterValue.Of((values == 0 ? i : random.Between(0, values - 1)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        for (int i = 0; i < operations; i++)
        {
            int key = random.Between(0, keys - 1);
            RegisterCall call = random.Between(0, appends ? 3 : 2) switch
            {
                0 => new RegisterCall(RegisterCallKind.Read),
                1 => new RegisterCall(RegisterCallKind.Write, NewValue(i)),
                2 => new RegisterCall(RegisterCallKind.CompareAndSet, random.Chance(600) ? states[key] : NewValue(i), NewValue(i)),
                _ => new RegisterCall(RegisterCallKind.Append, NewValue(i)),
            };
            bool unknown = random.Chance(unknownPerMille);
            RegisterResult result = default;
            if (!unknown || random.Chance(500))
                result = RegisterModel.Register.Apply(states[key], call, out states[key]);
            long executed = (long)i * MomentsBetween;
            history.Add(new Operation<RegisterCall, RegisterResult>
            {
                Client = i,
                Call = executed - random.Between(0, spread * MomentsBetween),
                Return = unknown ? null : executed + random.Between(0, spread * MomentsBetween),
                Key = $"k{key}",
                Input = call,
                Output = unknown ? default : result,
                Status = unknown ? OperationStatus.Unknown : OperationStatus.Ok,
                IsQuery = call.Kind == RegisterCallKind.Read,
                LogIndex = (ulong)i + 1,
            });
        }

        return history;
    }

    /// <summary>Gives one answered read or compare-and-set another answer; null where there is none.</summary>
    public static List<Operation<RegisterCall, RegisterResult>>? Corrupted(List<Operation<RegisterCall, RegisterResult>> history, SeededRandom random, int values)
    {
        int[] answered = [.. Enumerable.Range(0, history.Count).Where(i => history[i].Status == OperationStatus.Ok && history[i].Input.Kind is RegisterCallKind.Read or RegisterCallKind.CompareAndSet)];
        if (answered.Length == 0)
            return null;
        int at = answered[random.Between(0, answered.Length - 1)];
        Operation<RegisterCall, RegisterResult> victim = history[at];
        RegisterResult wrong = victim.Input.Kind == RegisterCallKind.CompareAndSet
            ? new RegisterResult(Swapped: !victim.Output.Swapped)
            : new RegisterResult(RegisterValue.Of(random.Between(0, values).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        List<Operation<RegisterCall, RegisterResult>> corrupted = [.. history];
        corrupted[at] = victim with { Output = wrong };
        return corrupted;
    }
}
