using Microsoft.Extensions.Configuration;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>The configuration of the node in this process, read and checked once.</summary>
/// <param name="Options">What was configured.</param>
/// <param name="Addresses">What follows for the endpoints.</param>
/// <param name="Warnings">What an operator should know.</param>
internal sealed record NodeConfiguration(ConsensusOptions Options, NodeAddresses Addresses, IReadOnlyList<string> Warnings)
{
    /// <summary>The node's name.</summary>
    public string NodeName => Options.NodeId.Length > 0 ? Options.NodeId : NodeAddresses.DefaultNodeName;

    /// <summary>Reads files and environment, then lets code decide, then checks.</summary>
    /// <exception cref="InvalidConfigurationException">Something is wrong; the message lists every mistake.</exception>
    public static NodeConfiguration Read(IConfiguration configuration, IEnumerable<Action<ConsensusOptions>> code)
    {
        var options = new ConsensusOptions();
        var report = new ConfigurationReport();
        ConsensusConfigurationReader.Read(configuration, options, report);
        foreach (Action<ConsensusOptions> configure in code)
            configure(options);
        ConsensusOptionsValidator.Validate(options, report);
        report.ThrowIfRefused();
        return new NodeConfiguration(options, NodeAddresses.Of(options), report.Warnings);
    }
}
