using System.Text.RegularExpressions;
using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Tests.Configuration;

public sealed partial class ConfigurationDocumentTests
{
    /// <summary>Their defaults follow from other keys, so the document describes them in words.</summary>
    private static readonly string[] DerivedDefaults = ["node_id", "bind_addr", "bind_port", "advertise_addr", "advertise_port", "advertise_http"];

    [Fact]
    public void Every_key_has_a_row_and_every_row_a_key() =>
        Assert.Equal(ConsensusKeys.All.Select(key => key.Path).Append("peers").Order(), Rows().Keys.Order());

    [Fact]
    public void The_documented_defaults_are_those_of_the_code()
    {
        Dictionary<string, string> rows = Rows();
        foreach (ConsensusKey key in ConsensusKeys.All.Where(key => !DerivedDefaults.Contains(key.Path)))
            Assert.Equal((key.Path, key.Show(new ConsensusOptions())), (key.Path, rows[key.Path].Trim('`')));
    }

    private static Dictionary<string, string> Rows()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "configuration.md"));
        return RowPattern().Matches(document).ToDictionary(row => row.Groups["key"].Value, row => row.Groups["default"].Value.Trim());
    }

    private static string RepositoryRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "ReplicatedState.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("The tests don't run inside the repository.");
    }

    [GeneratedRegex(@"^\| `(?<key>[a-z_.]+)` \| (?<default>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}
