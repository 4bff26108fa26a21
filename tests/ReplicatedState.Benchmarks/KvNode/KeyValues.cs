namespace ReplicatedState.Benchmarks;

/// <summary>The smallest machine worth measuring: a map.</summary>
[ReplicatedStateMachine("kv")]
public sealed partial class KeyValues
{
    [State]
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    /// <summary>Sets a key.</summary>
    [Command]
    public void Put(string key, byte[] value) => _values[key] = value;

    /// <summary>The key's value; null where it has none.</summary>
    [Query]
    public byte[]? Get(string key) => _values.GetValueOrDefault(key);
}
