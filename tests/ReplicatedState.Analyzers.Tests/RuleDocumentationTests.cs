using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Tests;

public sealed class RuleDocumentationTests
{
    public static TheoryData<string> Rules => [.. AllAnalyzers.Rules.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_has_a_page_with_its_title_and_links_to_it(string id)
    {
        DiagnosticDescriptor rule = AllAnalyzers.Rules.Single(rule => rule.Id == id);
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", $"{id}.md"));

        Assert.StartsWith($"# {id}: {rule.Title}", page, StringComparison.Ordinal);
        Assert.Contains("## How to fix", page, StringComparison.Ordinal);
        Assert.EndsWith($"docs/analyzers/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
    }
}
