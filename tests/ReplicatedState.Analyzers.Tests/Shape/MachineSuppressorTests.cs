using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Shape;

namespace ReplicatedState.Analyzers.Tests.Shape;

public sealed class MachineSuppressorTests
{
    [Fact]
    public async Task Advice_that_overlooks_the_generated_half_is_silenced()
    {
        const string Source = """
            [ReplicatedStateMachine("shop")]
            public sealed partial class Shop
            {
                [State] private int _a;
                [Transient] private int _b;
                [Command] private void Do() { }
                [Query] private int Get() => 1;
                private void Unused() { }
            }
            """;

        ImmutableArray<Diagnostic> advice = await Diagnosis.AnalyzeAsync(Source, new Adviser(), new MachineSuppressor());

        Assert.Equal(
            ["CA1822 Unused", "IDE0044 _b", "IDE0051 Unused"],
            advice.Where(static diagnostic => !diagnostic.IsSuppressed).Select(static diagnostic => diagnostic.GetMessage(null)).Order());
        Assert.Equal(
            ["CA1822 Do", "CA1822 Get", "IDE0044 _a", "IDE0051 Do", "IDE0051 Get"],
            advice.Where(static diagnostic => diagnostic.IsSuppressed).Select(static diagnostic => diagnostic.GetMessage(null)).Order());
    }

    /// <summary>Gives the advice of the framework's analyzers about every member that it might concern.</summary>
#pragma warning disable RS1001, RS1025, RS1026, RS1036, RS1038, RS2008 // stands in for analyzers that can't be referenced
    private sealed class Adviser : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. new[] { "CA1822", "IDE0051", "IDE0044" }.Select(Rule)];

        public override void Initialize(AnalysisContext context) => context.RegisterSymbolAction(
            symbol =>
            {
                foreach (DiagnosticDescriptor rule in SupportedDiagnostics.Where(rule => symbol.Symbol is IFieldSymbol == (rule.Id == "IDE0044")))
                {
                    if (symbol.Symbol is IFieldSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary })
                        symbol.ReportDiagnostic(Diagnostic.Create(rule, symbol.Symbol.Locations[0], $"{rule.Id} {symbol.Symbol.Name}"));
                }
            },
            SymbolKind.Field,
            SymbolKind.Method);

        private static DiagnosticDescriptor Rule(string id) => new(id, id, "{0}", "Advice", DiagnosticSeverity.Warning, isEnabledByDefault: true);
    }
#pragma warning restore RS1001, RS1025, RS1026, RS1036, RS1038, RS2008
}
