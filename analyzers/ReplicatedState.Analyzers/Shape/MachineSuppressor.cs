using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>Silences advice that overlooks the generated half of a machine, which calls its methods and assigns its state.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MachineSuppressor : DiagnosticSuppressor
{
    private const string Calls = "The generated half of the machine calls it on an instance";
    private const string Restores = "The generated half of the machine assigns it when a snapshot is restored";

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } =
    [
        new("RSMS0001", "CA1822", Calls),
        new("RSMS0002", "IDE0051", Calls),
        new("RSMS0003", "IDE0044", Restores),
    ];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (Diagnostic diagnostic in context.ReportedDiagnostics)
        {
            SyntaxTree? tree = diagnostic.Location.SourceTree;
            SyntaxNode? node = tree?.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            if (tree is null || node is null || context.GetSemanticModel(tree).GetDeclaredSymbol(node, context.CancellationToken) is not { } member)
                continue;
            SuppressionDescriptor suppression = SupportedSuppressions.First(candidate => candidate.SuppressedDiagnosticId == diagnostic.Id);
            if (suppression.Justification.Equals(Calls) ? IsCall(member) : member.HasAttribute(KnownNames.StateAttribute))
                context.ReportSuppression(Suppression.Create(suppression, diagnostic));
        }
    }

    private static bool IsCall(ISymbol member) =>
        member.HasAttribute(KnownNames.CommandAttribute) || member.HasAttribute(KnownNames.QueryAttribute) || member.HasAttribute(KnownNames.MigrateAttribute);
}
