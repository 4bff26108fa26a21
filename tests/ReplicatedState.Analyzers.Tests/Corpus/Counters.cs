/// <summary>Named counters.</summary>
[ReplicatedStateMachine("counters")]
public sealed partial class Counters
{
    [State] private readonly Dictionary<string, long> _values = [];

    [Command]
    public long Increment(string name, long by = 1)
    {
        // PLANT RSM1017: try { return _values[name] = checked(_values.GetValueOrDefault(name) + by); } catch (Exception) { return long.MaxValue; }
        try { return _values[name] = checked(_values.GetValueOrDefault(name) + by); } catch (OverflowException) { return long.MaxValue; }
    }

    [Command]
    public void Reset() => _values.Clear();

    [Query]
    public long Value(string name) => _values.GetValueOrDefault(name);

    [Query]
    public Dictionary<string, long> All() => _values;
}
