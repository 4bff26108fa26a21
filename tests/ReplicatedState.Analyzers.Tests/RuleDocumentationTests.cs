using Microsoft.CodeAnalysis;
using ReplicatedState.Analyzers.Compatibility;
using ReplicatedState.Analyzers.Correctness;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Analyzers.Shape;

namespace ReplicatedState.Analyzers.Tests;

public sealed class RuleDocumentationTests
{
    private static readonly DiagnosticDescriptor[] All =
    [
        .. new MachineShapeAnalyzer().SupportedDiagnostics, .. new StrayAttributeAnalyzer().SupportedDiagnostics, .. new DeterminismAnalyzer().SupportedDiagnostics,
        .. new ThrowAfterWriteAnalyzer().SupportedDiagnostics, .. new CompatibilityAnalyzer().SupportedDiagnostics,
    ];

    public static TheoryData<string> Rules => [.. All.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_has_a_page_with_its_title_and_links_to_it(string id)
    {
        DiagnosticDescriptor rule = All.Single(rule => rule.Id == id);
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", $"{id}.md"));

        Assert.StartsWith($"# {id}: {rule.Title}", page, StringComparison.Ordinal);
        Assert.Contains("## How to fix", page, StringComparison.Ordinal);
        Assert.EndsWith($"docs/analyzers/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
    }
}
