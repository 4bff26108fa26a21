using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Finds state that other classes can assign, past all commands.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OpenStateAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [CorrectnessRules.OpenState];

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
        bool isOpen = member switch
        {
            IFieldSymbol { IsReadOnly: false, IsConst: false, IsStatic: false } => IsOpen(member),
            IPropertySymbol { IsStatic: false, SetMethod: { IsInitOnly: false } setter } => IsOpen(member) && IsOpen(setter),
            _ => false,
        };
        if (isOpen && member.HasAttribute(KnownNames.StateAttribute) && member.ContainingType.HasAttribute(KnownNames.MachineAttribute))
            context.ReportDiagnostic(Diagnostic.Create(CorrectnessRules.OpenState, member.FirstLocation(), member.Name));
    }

    private static bool IsOpen(ISymbol symbol) => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;
}
