using System.Collections;
using Microsoft.Extensions.Configuration;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>
/// Environment variables <c>CONSENSUS_…</c>: nine short names, and every other key with <c>__</c> between its sections, as in
/// <c>CONSENSUS_RAFT__HEARTBEAT_INTERVAL</c>.
/// </summary>
internal sealed class ConsensusEnvironment(IDictionary variables) : IConfigurationSource
{
    /// <summary>The short names whose key is not simply the rest of the name.</summary>
    public static IReadOnlyDictionary<string, string> ShortNames { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["NODE_ID"] = "node_id",
        ["CLUSTER_ID"] = "cluster_id",
        ["BIND_ADDR"] = "bind_addr",
        ["BIND_PORT"] = "bind_port",
        ["STORAGE_PATH"] = "storage:path",
        ["TRANSPORT_TYPE"] = "transport:type",
        ["DISCOVERY_TYPE"] = "discovery:type",
        ["ENABLE_TLS"] = "security:enable_tls",
        ["ENABLE_METRICS"] = "observability:metrics:enabled",
        ["ENCRYPTION_KEY"] = "security:encryption_key",
    };

    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new ConsensusEnvironmentProvider(variables);
}

/// <summary>The values of <see cref="ConsensusEnvironment"/>.</summary>
internal sealed class ConsensusEnvironmentProvider(IDictionary variables) : ConfigurationProvider
{
    private const string Prefix = "CONSENSUS_";

    /// <inheritdoc/>
    public override void Load()
    {
        Data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in variables)
        {
            string name = (string)variable.Key;
            // With two underscores it is the ordinary form of section "consensus", which the host reads itself.
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || name.StartsWith(Prefix + '_', StringComparison.OrdinalIgnoreCase))
                continue;
            string rest = name[Prefix.Length..];
            if (IsKubernetesServiceLink(rest))
                continue;
            string key = ConsensusEnvironment.ShortNames.TryGetValue(rest, out string? path) ? path : rest.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
            Data[ConfigurationPath.Combine("consensus", key)] = (string?)variable.Value;
        }
    }

    /// <summary>Kubernetes sets CONSENSUS_SERVICE_HOST, CONSENSUS_PORT_7000_TCP and the like in every pod beside a service named "consensus".</summary>
    private static bool IsKubernetesServiceLink(string rest) =>
        rest.StartsWith("SERVICE_", StringComparison.OrdinalIgnoreCase) || rest.Equals("PORT", StringComparison.OrdinalIgnoreCase)
        || rest.StartsWith("PORT_", StringComparison.OrdinalIgnoreCase);
}
