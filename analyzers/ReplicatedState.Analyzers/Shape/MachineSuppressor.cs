using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>Silences advice that doesn't hold in a machine: it overlooks the generated half, which calls its methods and reads and assigns its state, or proposes what another rule here refuses.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MachineSuppressor : DiagnosticSuppressor
{
    private const string Calls = "The generated half of the machine calls it on an instance";
    private const string Restores = "The generated half of the machine assigns it when a snapshot is restored";
    private const string Reads = "The generated half of the machine reads and writes it for snapshots";
    private const string Decodes = "Arguments are decoded by the generated half of the machine, which refuses null where the type does";
    private const string Carries = "It is what commands and the state carry: the generated codec makes copies of it, and assigns its members";
    private const string Replicated = "The random numbers of a command are equal on all replicas, which rules secrets out";

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } =
    [
        new("RSMS0001", "CA1822", Calls),
        new("RSMS0002", "IDE0051", Calls),
        new("RSMS0003", "IDE0044", Restores),
        new("RSMS0004", "IDE0051", Reads),
        new("RSMS0005", "IDE0052", Reads),
        new("RSMS0006", "CA1823", Reads),
        new("RSMS0007", "CS0169", Reads),
        new("RSMS0008", "CS0414", Reads),
        new("RSMS0009", "CS0649", Restores),
        new("RSMS0010", "CA1024", Calls),
        new("RSMS0011", "CA1002", Carries),
        new("RSMS0012", "CA1062", Decodes),
        new("RSMS0013", "CA2227", Carries),
        new("RSMS0014", "CA5394", Replicated),
    ];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        CarriedTypes? carried = null;
        foreach (Diagnostic diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree)
                continue;
            SyntaxNode node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            SemanticModel model = context.GetSemanticModel(tree);
            foreach (SuppressionDescriptor suppression in SupportedSuppressions.Where(candidate => candidate.SuppressedDiagnosticId == diagnostic.Id))
            {
                if (Holds(suppression, node, model))
                {
                    context.ReportSuppression(Suppression.Create(suppression, diagnostic));
                    break;
                }
            }
        }

        bool Holds(SuppressionDescriptor suppression, SyntaxNode node, SemanticModel model)
        {
            if (suppression.SuppressedDiagnosticId == "CA5394")
                return model.GetSymbolInfo(Receiver(node), context.CancellationToken).Symbol is IPropertySymbol { Name: "Random", ContainingType: { } type } && type.ToMetadataName() == KnownNames.CommandContext;
            if (Declared(node, model, context) is not { } member)
                return false;
            if (suppression.Justification.Equals(Calls))
                return IsCall(member);
            if (suppression.Justification.Equals(Decodes))
                return IsCall(member) && model.GetSymbolInfo(node, context.CancellationToken).Symbol is IParameterSymbol { NullableAnnotation: not NullableAnnotation.Annotated };
            if (suppression.Justification.Equals(Carries))
                return IsCall(member) || (carried ??= new CarriedTypes(context.Compilation, context.CancellationToken)).Contains(member.ContainingType);
            return member.HasAttribute(KnownNames.StateAttribute);
        }
    }

    /// <summary>The member whose declaration is marked, or in whose code a mark is.</summary>
    private static ISymbol? Declared(SyntaxNode node, SemanticModel model, SuppressionAnalysisContext context)
    {
        for (SyntaxNode? step = node; step is not null and not TypeDeclarationSyntax; step = step.Parent)
        {
            if (step is VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } or (MemberDeclarationSyntax and not FieldDeclarationSyntax))
                return model.GetDeclaredSymbol(step, context.CancellationToken);
        }

        return null;
    }

    /// <summary>What the marked call is made on.</summary>
    private static SyntaxNode Receiver(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression,
        MemberAccessExpressionSyntax access => access.Expression,
        ArgumentSyntax argument => Receiver(argument.Expression),
        _ => node,
    };

    private static bool IsCall(ISymbol member) =>
        member.HasAttribute(KnownNames.CommandAttribute) || member.HasAttribute(KnownNames.QueryAttribute) || member.HasAttribute(KnownNames.MigrateAttribute);
}
