using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>Says why the generator emits nothing for a class with [ReplicatedStateMachine], by parsing it as the generator does.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MachineShapeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. ShapeRules.ByDefect.Values];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var defects = new DefectList();
        MachineParser.Parse((INamedTypeSymbol)context.Symbol, context.Compilation, defects, context.CancellationToken);

        // A defect without a place is an unknown name, which the compiler reports itself.
        foreach (Defect defect in defects.Items.Where(static defect => defect.Location != Location.None))
            context.ReportDiagnostic(Diagnostic.Create(ShapeRules.ByDefect[defect.Kind], defect.Location, defect.Arguments));
    }
}
