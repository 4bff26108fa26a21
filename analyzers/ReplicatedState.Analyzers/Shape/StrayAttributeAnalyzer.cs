using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>Finds [Command], [Query], [State], [Transient] and [Migrate] in, and [Emits] and [RetiredState] on, classes that are no machines, where they do nothing.</summary>
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

    private static readonly ImmutableArray<string> TypeAttributes = [KnownNames.EmitsAttribute, KnownNames.RetiredStateAttribute];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.Method, SymbolKind.Field, SymbolKind.Property, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var owner = context.Symbol as INamedTypeSymbol;
        if ((owner ?? context.Symbol.ContainingType) is not { } type || type.HasAttribute(KnownNames.MachineAttribute))
            return;
        foreach (AttributeData attribute in context.Symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } attributeClass && (owner is null ? MemberAttributes : TypeAttributes).Contains(attributeClass.ToMetadataName()))
            {
                string name = attributeClass.Name.Substring(0, attributeClass.Name.Length - "Attribute".Length);
                context.ReportDiagnostic(Diagnostic.Create(Rule, attribute.FirstLocation(), name, type.Name));
            }
        }
    }
}
