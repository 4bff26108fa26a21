using Microsoft.CodeAnalysis;
using ReplicatedState.Analyzers.Shape;

namespace ReplicatedState.Analyzers.Tests;

public sealed class RuleDocumentationTests
{
    public static TheoryData<string> Rules => [.. AllAnalyzers.Rules.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_has_a_page_with_its_title_and_links_to_it(string id)
    {
        DiagnosticDescriptor rule = AllAnalyzers.Rules.Single(rule => rule.Id == id);
        string page = Page(id);

        Assert.StartsWith($"# {id}: {rule.Title}", page, StringComparison.Ordinal);
        Assert.Contains("## How to fix", page, StringComparison.Ordinal);
        Assert.EndsWith($"docs/analyzers/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_page_promises_a_fix_where_there_is_one(string id)
    {
        bool isFixed = AllAnalyzers.CreateFixes().Any(fix => fix.FixableDiagnosticIds.Contains(id));

        Assert.Equal(isFixed, Page(id).Contains("The editor offers", StringComparison.Ordinal));
    }

    [Fact]
    public void The_overview_lists_every_rule_with_its_severity_and_whether_it_has_a_fix()
    {
        IEnumerable<string> expected = AllAnalyzers.Rules.Select(static rule =>
            $"| [{rule.Id}]({rule.Id}.md) | {rule.Title} | {rule.DefaultSeverity.ToString().ToLowerInvariant()} | {(AllAnalyzers.CreateFixes().Any(fix => fix.FixableDiagnosticIds.Contains(rule.Id)) ? "yes" : "")} |");

        Assert.Equal(expected, Page("README").Split('\n').Where(static line => line.StartsWith("| [RSM", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_overview_lists_what_is_silenced()
    {
        string page = Page("README");

        Assert.All(new MachineSuppressor().SupportedSuppressions, suppression => Assert.Contains($"| {suppression.SuppressedDiagnosticId} |", page, StringComparison.Ordinal));
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", $"{name}.md")).ReplaceLineEndings("\n");
}
