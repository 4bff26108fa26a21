using Microsoft.Extensions.Configuration;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>
/// Binds section <c>consensus</c> to <see cref="ConsensusOptions"/>. The framework's binder won't do: it knows neither snake case nor <c>500ms</c>,
/// reads <c>30</c> as thirty days, and drops a misspelled key without a word.
/// </summary>
internal static class ConsensusConfigurationReader
{
    private static readonly Dictionary<string, ConsensusKey> Keys = ConsensusKeys.All.ToDictionary(key => NormalizePath(key.Path));
    private static readonly Dictionary<string, PlannedKey> Planned = PlannedKeys.All.ToDictionary(key => NormalizePath(key.Path));
    private static readonly string PeersPath = KeyName.Normalize("peers");

    /// <summary>Sets what the configuration sets, and reports the rest.</summary>
    public static void Read(IConfiguration configuration, ConsensusOptions into, ConfigurationReport report)
    {
        var effective = new Dictionary<string, ConfiguredValue>();
        var peers = new PeerListReader(report);
        foreach (IReadOnlyList<ConfiguredValue> layer in ConfigurationLayers.Read(configuration))
        {
            var seen = new Dictionary<string, ConfiguredValue>();
            foreach (ConfiguredValue value in layer)
            {
                if (!seen.TryAdd(value.NormalizedPath, value) && seen[value.NormalizedPath].Text != value.Text)
                    report.Refuse($"'{value.WrittenPath}' is set twice in {value.Origin}, to '{seen[value.NormalizedPath].Text}' and to '{value.Text}'");
                if (KeyName.Normalize(value.Segments[0]) == PeersPath)
                    peers.Add(value);
                else
                    effective[value.NormalizedPath] = value;
            }
        }

        foreach (ConfiguredValue value in effective.Values)
            Apply(value, into, report);
        WarnOfOtherStores(effective.Keys, report);
        peers.Finish(into);
    }

    private static void WarnOfOtherStores(IEnumerable<string> paths, ConfigurationReport report)
    {
        string[] moot = [.. paths.Where(path => Planned.TryGetValue(path, out PlannedKey? key) && key.TunesOtherStore).Select(path => Planned[path].Path).Order(StringComparer.Ordinal)];
        if (moot.Length > 0)
            report.Warn($"{string.Join(", ", moot)}: zonetree has nothing of the kind to tune, so this has no effect");
    }

    private static void Apply(ConfiguredValue value, ConsensusOptions into, ConfigurationReport report)
    {
        if (Keys.TryGetValue(value.NormalizedPath, out ConsensusKey? key))
            Assign(key, value, into, report);
        else if (Planned.TryGetValue(value.NormalizedPath, out PlannedKey? planned))
            Judge(planned, value, report);
        else
            RefuseUnknown(value, report);
    }

    private static void Assign(ConsensusKey key, ConfiguredValue value, ConsensusOptions into, ConfigurationReport report)
    {
        try
        {
            key.Assign(into, value.Text);
        }
        catch (FormatException mistake)
        {
            report.Refuse($"{key.Path}: {mistake.Message} (in {value.Origin})");
        }
    }

    private static void Judge(PlannedKey key, ConfiguredValue value, ConfigurationReport report)
    {
        if (key.TunesOtherStore)
            return;
        if (key.AsBuilt is not null && value.Text.Trim().Equals(key.AsBuilt, StringComparison.OrdinalIgnoreCase))
            return;
        if (key.Refusal is not null)
            report.Refuse($"{key.Path}: '{value.Text}' is not possible: {key.Refusal} (in {value.Origin})");
        else
            report.Warn($"{key.Path}: '{value.Text}' has no effect in this version (in {value.Origin})");
    }

    private static void RefuseUnknown(ConfiguredValue value, ConfigurationReport report)
    {
        string path = value.NormalizedPath;
        if (Keys.Keys.Concat(Planned.Keys).Any(key => key.StartsWith(path + '.', StringComparison.Ordinal)))
        {
            report.Refuse($"'{value.WrittenPath}' is a section with keys of its own, not a value (in {value.Origin})");
            return;
        }

        IEnumerable<string> known = ConsensusKeys.All.Select(key => key.Path).Concat(PlannedKeys.All.Select(key => key.Path)).Append("peers");
        string? nearest = SameNameElsewhere(value, known) ?? NearestName.Of(value.WrittenPath, known);
        string suggestion = nearest is null ? "see docs/configuration.md for the keys there are" : $"did you mean '{nearest}'?";
        report.Refuse($"there is no key '{value.WrittenPath}': {suggestion} (in {value.Origin})");
    }

    /// <summary>A key with the right name in the wrong section.</summary>
    private static string? SameNameElsewhere(ConfiguredValue value, IEnumerable<string> known)
    {
        string name = KeyName.Normalize(value.Segments[^1]);
        string[] matches = [.. known.Where(path => KeyName.Normalize(path.Split('.')[^1]) == name)];
        return matches.Length == 1 ? matches[0] : null;
    }

    private static string NormalizePath(string path) => string.Join('.', path.Split('.').Select(KeyName.Normalize));
}
