namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>What reading and checking the configuration found: every mistake, not just the first.</summary>
internal sealed class ConfigurationReport
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];

    /// <summary>Why the node must not start.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What somebody should know, once, at start.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public void Refuse(string sentence) => _problems.Add(sentence);

    public void Warn(string sentence) => _warnings.Add(sentence);

    /// <exception cref="InvalidConfigurationException">There are problems; the message lists them all.</exception>
    public void ThrowIfRefused()
    {
        if (_problems.Count == 1)
            throw new InvalidConfigurationException(_problems[0]);
        if (_problems.Count > 1)
            throw new InvalidConfigurationException($"{_problems.Count} mistakes in the configuration:{string.Concat(_problems.Select(problem => $"{Environment.NewLine}- {problem}"))}");
    }
}
