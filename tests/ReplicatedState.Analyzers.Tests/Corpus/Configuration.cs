/// <summary>A tree of settings with a revision for every change.</summary>
[ReplicatedStateMachine("configuration")]
public sealed partial class Configuration
{
    [State] private readonly SortedDictionary<string, Setting> _settings = new(StringComparer.Ordinal);
    [State] private long _revision;

    [Command]
    public long Put(string path, string value, long? expected)
    {
        // PLANT RSM1009: if (!path.StartsWith("/"))
        if (!path.StartsWith('/'))
            throw new CommandRejectedException("invalid_path", $"{path} doesn't begin with a slash.");
        long current = _settings.TryGetValue(path, out Setting? setting) ? setting.Revision : 0;
        if (expected is { } revision && revision != current)
            throw new CommandRejectedException("conflict", $"{path} has revision {current}.");
        _settings[path] = new Setting(value, ++_revision);
        return _revision;
    }

    [Command]
    public int DeleteTree(string prefix)
    {
        string[] gone = _settings.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        foreach (string path in gone)
            _settings.Remove(path);
        return gone.Length;
    }

    [Query]
    public string? Get(string path) => _settings.TryGetValue(path, out Setting? setting) ? setting.Value : null;
}

public sealed record Setting(string Value, long Revision);
