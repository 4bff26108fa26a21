using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>Linearizability by its definition: every order, every choice of unknown operations. For a handful of operations.</summary>
internal static class BruteForce
{
    public static bool IsLinearizable(RegisterModel model, IReadOnlyList<Operation<RegisterCall, RegisterResult>> history)
    {
        Operation<RegisterCall, RegisterResult>[] happened = [.. history.Where(o => o.Status != OperationStatus.Fail)];
        return Extend(model, model.Initial, happened, new bool[happened.Length]);
    }

    private static bool Extend(RegisterModel model, RegisterValue state, Operation<RegisterCall, RegisterResult>[] history, bool[] used)
    {
        bool done = true;
        for (int i = 0; i < history.Length; i++)
            done &= used[i] || history[i].Status == OperationStatus.Unknown;
        if (done)
            return true;
        for (int i = 0; i < history.Length; i++)
        {
            if (used[i] || MustWait(history, used, history[i].Call))
                continue;
            RegisterResult right = model.Apply(state, history[i].Input, out RegisterValue next);
            if (history[i].Status == OperationStatus.Ok && !model.Accepts(right, history[i].Output))
                continue;
            used[i] = true;
            if (Extend(model, next, history, used))
                return true;
            used[i] = false;
        }

        return false;
    }

    /// <summary>Whether something that isn't in the order yet had returned before.</summary>
    private static bool MustWait(Operation<RegisterCall, RegisterResult>[] history, bool[] used, long call)
    {
        for (int i = 0; i < history.Length; i++)
        {
            if (!used[i] && history[i].Status == OperationStatus.Ok && history[i].Return < call)
                return true;
        }

        return false;
    }
}
