using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0003: makes the constructor without parameters public.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PublicConstructorFix)), Shared]
public sealed class PublicConstructorFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0003"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } machine
            || machine.Members.OfType<ConstructorDeclarationSyntax>().FirstOrDefault(static constructor => constructor.ParameterList.Parameters.Count == 0 && !constructor.Modifiers.Any(SyntaxKind.StaticKeyword)) is not { } constructor)
            yield break;
        SyntaxToken @public = SyntaxFactory.Token(SyntaxKind.PublicKeyword).WithLeadingTrivia(constructor.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
        ConstructorDeclarationSyntax open = constructor.WithoutLeadingTrivia();
        if (constructor.AttributeLists.Any())
            yield break; // the place of the keyword is behind them, and nobody has such constructors
        open = open.WithModifiers(SyntaxFactory.TokenList([@public, .. open.Modifiers.Where(static modifier => !SyntaxFacts.IsAccessibilityModifier(modifier.Kind()))]));
        yield return new Rewrite("Make the constructor public", finding.Root.ReplaceNode(constructor, open));
    }
}
