/// <summary>A cache that forgets what was used longest ago.</summary>
[ReplicatedStateMachine("cache")]
public sealed partial class Cache
{
    [State] private readonly Dictionary<string, CacheEntry> _entries = [];
    [State] private readonly SortedDictionary<ulong, string> _byUse = [];

    [Command]
    public void Put(string key, string value, CommandContext context)
    {
        if (_entries.TryGetValue(key, out CacheEntry? before))
            _byUse.Remove(before.Used);
        _entries[key] = new CacheEntry(value, context.Index);
        _byUse[context.Index] = key;
        // PLANT RSM1004: while (_entries.Count > 1000 || GC.GetTotalMemory(false) > 1_000_000_000)
        while (_entries.Count > 1000)
        {
            (ulong used, string oldest) = _byUse.First();
            _byUse.Remove(used);
            _entries.Remove(oldest);
        }
    }

    [Query]
    public string? Get(string key) => _entries.TryGetValue(key, out CacheEntry? entry) ? entry.Value : null;
}

public sealed record CacheEntry(string Value, ulong Used);
