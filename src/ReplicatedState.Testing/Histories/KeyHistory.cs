namespace ReplicatedState.Testing.Histories;

/// <summary>One key's operations as a search wants them: those with an answer in the order of calls and of returns, those without apart, what never happened left out.</summary>
internal sealed class KeyHistory<TInput, TOutput>
{
    public KeyHistory(string key, IEnumerable<Operation<TInput, TOutput>> operations)
    {
        Key = key;
        Operation<TInput, TOutput>[] byCall = [.. operations.Where(o => o.Status != OperationStatus.Fail).OrderBy(o => o.Call)];
        Known = [.. byCall.Where(o => o.Status == OperationStatus.Ok)];
        Unknown = [.. byCall.Where(o => o.Status == OperationStatus.Unknown)];
        Twin = FindTwins(Unknown);
        ByReturn = new int[Known.Length];
        for (int k = 0; k < ByReturn.Length; k++)
            ByReturn[k] = k;
        Array.Sort(Array.ConvertAll(ByReturn, k => (Known[k].Return!.Value, k)), ByReturn);
        KnownOpen = CountCalled(Known);
        UnknownOpen = CountCalled(Unknown);
        Slot = new int[Known.Length];
        Slots = AssignSlots();
    }

    public string Key { get; }

    /// <summary>Operations with an answer, by their calls.</summary>
    public Operation<TInput, TOutput>[] Known { get; }

    /// <summary>Operations of which nobody can tell, by their calls.</summary>
    public Operation<TInput, TOutput>[] Unknown { get; }

    /// <summary>For each unknown operation the one before it that asks the same, or -1. Of two that ask the same the earlier can stand wherever the later can.</summary>
    public int[] Twin { get; }

    /// <summary>Numbers of known operations in the order of their returns.</summary>
    public int[] ByReturn { get; }

    /// <summary>For each return, how many known operations had been called by then.</summary>
    public int[] KnownOpen { get; }

    /// <summary>For each return, how many unknown operations had been called by then.</summary>
    public int[] UnknownOpen { get; }

    /// <summary>For each known operation a number that no other has while it is under way: a set of open operations is then as small as the concurrency, not as the history.</summary>
    public int[] Slot { get; }

    /// <summary>How many of these numbers there are.</summary>
    public int Slots { get; }

    private int[] CountCalled(Operation<TInput, TOutput>[] byCall)
    {
        var counts = new int[ByReturn.Length];
        int called = 0;
        for (int i = 0; i < ByReturn.Length; i++)
        {
            while (called < byCall.Length && byCall[called].Call <= Known[ByReturn[i]].Return!.Value)
                called++;
            counts[i] = called;
        }

        return counts;
    }

    private int AssignSlots()
    {
        var free = new Stack<int>();
        int slots = 0;
        int called = 0;
        for (int i = 0; i < ByReturn.Length; i++)
        {
            for (; called < KnownOpen[i]; called++)
                Slot[called] = free.TryPop(out int slot) ? slot : slots++;
            free.Push(Slot[ByReturn[i]]);
        }

        return slots;
    }

    private static int[] FindTwins(Operation<TInput, TOutput>[] unknown)
    {
        var twins = new int[unknown.Length];
        var last = new Dictionary<ValueTuple<TInput>, int>();
        for (int u = 0; u < unknown.Length; u++)
        {
            var input = new ValueTuple<TInput>(unknown[u].Input);
            twins[u] = last.GetValueOrDefault(input, -1);
            last[input] = u;
        }

        return twins;
    }
}
