using System.Text;
using Microsoft.Extensions.Configuration;
using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Tests.Configuration;

/// <summary>Options read from given sources, with what was found wrong.</summary>
internal sealed class Configured
{
    public ConsensusOptions Options { get; } = new();

    public ConfigurationReport Report { get; } = new();

    public static Configured Json(string json, params (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(variable => variable.Name, variable => variable.Value);
        return From(new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .Add(new ConsensusEnvironment(variables))
            .Build());
    }

    public static Configured Environment(params (string Name, string Value)[] environment) => Json("{}", environment);

    public static Configured From(IConfiguration configuration)
    {
        var configured = new Configured();
        ConsensusConfigurationReader.Read(configuration, configured.Options, configured.Report);
        ConsensusOptionsValidator.Validate(configured.Options, configured.Report);
        return configured;
    }

    public Configured Accepted()
    {
        Assert.Empty(Report.Problems);
        return this;
    }

    public void RefusedWith(string sentence) => Assert.Contains(Report.Problems, problem => problem.Contains(sentence, StringComparison.Ordinal));
}
