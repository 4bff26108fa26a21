using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0007 and RSM0009: makes a static command an instance method, and passes a parameter that is only read by value.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveModifierFix)), Shared]
public sealed class RemoveModifierFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0007", "RSM0009"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<ParameterSyntax>() is { } parameter)
        {
            SyntaxToken[] kept = [.. parameter.Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.InKeyword))];

            // A ref or out parameter gives something back: what shall give it instead, only its author knows.
            if (kept.Length < parameter.Modifiers.Count)
                yield return new Rewrite("Pass it by value", finding.Root.ReplaceNode(parameter, parameter.WithModifiers(SyntaxFactory.TokenList(kept)).WithLeadingTrivia(parameter.GetLeadingTrivia())));
        }
        else if (finding.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method && method.Modifiers.FirstOrDefault(static modifier => modifier.IsKind(SyntaxKind.StaticKeyword)) is { RawKind: not 0 } keyword)
        {
            MethodDeclarationSyntax instance = method.WithModifiers(method.Modifiers.Remove(keyword));
            if (method.GetFirstToken() == keyword)
                instance = instance.WithLeadingTrivia(keyword.LeadingTrivia);
            yield return new Rewrite("Make it an instance method", finding.Root.ReplaceNode(method, instance));
        }
    }
}
