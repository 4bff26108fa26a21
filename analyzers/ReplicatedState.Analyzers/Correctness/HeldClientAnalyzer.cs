using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Finds machines that hold a client. Calls of clients that they get otherwise are found with what a command reaches.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HeldClientAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [CorrectnessRules.NestedCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.Field, SymbolKind.Property);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        ISymbol member = context.Symbol;
        ITypeSymbol type = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
        if (member.IsImplicitlyDeclared || !MachineClients.IsWayIntoLog(type) || member.ContainingType is not { } machine || !machine.HasAttribute(KnownNames.MachineAttribute))
            return;
        context.ReportDiagnostic(Diagnostic.Create(CorrectnessRules.NestedCall, member.FirstLocation(), type.ToShortName(), $"{machine.Name}.{member.Name}"));
    }
}
