using Microsoft.Extensions.Configuration;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>
/// Reads the section provider by provider, in order of precedence. The merged view of <see cref="IConfiguration"/> won't do: a key written
/// <c>NodeId</c> in a file and <c>node_id</c> by the environment would show up twice there, without saying which one wins.
/// </summary>
internal static class ConfigurationLayers
{
    private static readonly string[] Roots = ["consensus", "extensions:consensus"];

    /// <summary>The values of each source; later lists win over earlier ones.</summary>
    public static IReadOnlyList<IReadOnlyList<ConfiguredValue>> Read(IConfiguration configuration)
    {
        if (configuration is not IConfigurationRoot root)
            return [ReadMerged(configuration)];
        var layers = new List<IReadOnlyList<ConfiguredValue>>();
        foreach (IConfigurationProvider provider in root.Providers)
        {
            var values = new List<ConfiguredValue>();
            string origin = DescribeOrigin(provider);
            foreach (string prefix in Roots)
                Collect(provider, prefix, [], origin, values);
            if (values.Count > 0)
                layers.Add(values);
        }

        return layers;
    }

    private static void Collect(IConfigurationProvider provider, string path, IReadOnlyList<string> segments, string origin, List<ConfiguredValue> into)
    {
        // An empty value is how environments and JSON say "not set".
        if (provider.TryGet(path, out string? text) && !string.IsNullOrWhiteSpace(text) && segments.Count > 0)
            into.Add(new ConfiguredValue(segments, text, origin));
        foreach (string child in provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase))
            Collect(provider, ConfigurationPath.Combine(path, child), [.. segments, child], origin, into);
    }

    private static List<ConfiguredValue> ReadMerged(IConfiguration configuration)
    {
        var values = new List<ConfiguredValue>();
        foreach (string prefix in Roots)
        {
            foreach ((string path, string? text) in configuration.GetSection(prefix).AsEnumerable(makePathsRelative: true))
            {
                if (!string.IsNullOrWhiteSpace(text) && path.Length > 0)
                    values.Add(new ConfiguredValue(path.Split(ConfigurationPath.KeyDelimiter), text, "the configuration"));
            }
        }

        return values;
    }

    private static string DescribeOrigin(IConfigurationProvider provider) => provider switch
    {
        FileConfigurationProvider file => file.Source.Path ?? "a configuration file",
        ConsensusEnvironmentProvider => "the environment",
        _ => provider.ToString()?.Replace("ConfigurationProvider", "", StringComparison.Ordinal) ?? provider.GetType().Name,
    };
}
