using ReplicatedState;

namespace ReplicatedService;

/// <summary>Named counters, replicated to every node of the cluster.</summary>
[ReplicatedStateMachine("counters")]
public sealed partial class Counters
{
    [State] private readonly SortedDictionary<string, long> _values = new(StringComparer.Ordinal);

    /// <summary>Adds to a counter and returns its new value. Runs on every node, in the same order, exactly once.</summary>
    [Command]
    public long Add(string name, long amount)
    {
        if (amount == 0)
            throw new CommandRejectedException("nothing_to_add", "An amount of 0 changes nothing.");
        return _values[name] = _values.GetValueOrDefault(name) + amount;
    }

    /// <summary>The value of a counter; 0 where nobody has added to it.</summary>
    [Query]
    public long Value(string name) => _values.GetValueOrDefault(name);
}
