using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0022: declares an event that a machine emits.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DeclareEventFix)), Shared]
public sealed class DeclareEventFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0022"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        CompilationUnitSyntax root = finding.Root;
        if (finding.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call || TypeOf(call, finding.Model) is not { } type)
            yield break;
        if (call.Ancestors().OfType<ClassDeclarationSyntax>().LastOrDefault(IsMachine) is not { } machine)
            yield break;

        // Parsed, because the formatter puts a list that was put together on a line of its own.
        AttributeListSyntax list = ((ClassDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"[Emits<{type}>] class Machine;")!).AttributeLists[0]
            .WithLeadingTrivia(machine.AttributeLists[0].GetLeadingTrivia().Where(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1))
            .WithTrailingTrivia(machine.AttributeLists[0].GetTrailingTrivia());
        yield return new Rewrite($"Declare the event: [Emits<{type}>]", root.ReplaceNode(machine, machine.WithAttributeLists(machine.AttributeLists.Add(list))));
    }

    private static string? TypeOf(InvocationExpressionSyntax call, SemanticModel model) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { TypeArguments.Length: 1 } method
            ? method.TypeArguments[0].WithNullableAnnotation(NullableAnnotation.None).ToMinimalDisplayString(model, call.SpanStart)
            : null;

    private static bool IsMachine(ClassDeclarationSyntax declaration) =>
        declaration.AttributeLists.SelectMany(static list => list.Attributes).Any(static attribute => attribute.Name.ToString().Contains("ReplicatedStateMachine"));
}
