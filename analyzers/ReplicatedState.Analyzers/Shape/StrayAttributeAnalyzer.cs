using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>Finds [Command], [Query], [State], [Transient] and [Migrate] in classes that are no machines, where they do nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StrayAttributeAnalyzer : DiagnosticAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = new(
        "RSM0018",
        "An attribute has no effect outside of a machine",
        "[{0}] has no effect here: '{1}' is not a [ReplicatedStateMachine]; make it one, or remove the attribute",
        "ReplicatedState.Shape",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0018.md");

    private static readonly ImmutableArray<string> MemberAttributes =
        [KnownNames.CommandAttribute, KnownNames.QueryAttribute, KnownNames.StateAttribute, KnownNames.TransientAttribute, KnownNames.MigrateAttribute];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.Method, SymbolKind.Field, SymbolKind.Property);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        if (context.Symbol.ContainingType is not { } type || type.HasAttribute(KnownNames.MachineAttribute))
            return;
        foreach (AttributeData attribute in context.Symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } attributeClass && MemberAttributes.Contains(attributeClass.ToMetadataName()))
            {
                string name = attributeClass.Name.Substring(0, attributeClass.Name.Length - "Attribute".Length);
                context.ReportDiagnostic(Diagnostic.Create(Rule, attribute.FirstLocation(), name, type.Name));
            }
        }
    }
}
