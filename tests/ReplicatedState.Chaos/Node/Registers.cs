using ReplicatedState;

namespace ReplicatedState.Chaos.Node;

/// <summary>Registers by name: the smallest machine in which a lost, doubled or stale operation shows.</summary>
[ReplicatedStateMachine("registers", Version = 1)]
public sealed partial class Registers
{
    [State] private readonly SortedDictionary<string, long> _values = new(StringComparer.Ordinal);

    /// <summary>What the register holds; null where nothing was written.</summary>
    [Query]
    public long? Read(string key) => _values.TryGetValue(key, out long value) ? value : null;

    /// <summary>Replaces the value.</summary>
    [Command]
    public void Write(string key, long value) => _values[key] = value;

    /// <summary>Replaces the value where it is the expected one, and says whether it was.</summary>
    [Command]
    public bool CompareAndSet(string key, long expected, long value)
    {
        if (!_values.TryGetValue(key, out long present) || present != expected)
            return false;
        _values[key] = value;
        return true;
    }
}
