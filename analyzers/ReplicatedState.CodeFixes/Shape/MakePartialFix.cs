using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0001: makes a machine partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix)), Shared]
public sealed class MakePartialFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0001"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        (CompilationUnitSyntax root, SyntaxNode node) = (finding.Root, finding.Node);
        if (node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } declaration || declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            yield break;

        // Partial stands last; a class without modifiers gives it the trivia before its keyword.
        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        ClassDeclarationSyntax partial = declaration.Modifiers.Any()
            ? declaration.AddModifiers(keyword)
            : declaration.WithKeyword(declaration.Keyword.WithLeadingTrivia()).AddModifiers(keyword.WithLeadingTrivia(declaration.Keyword.LeadingTrivia));
        yield return new Rewrite("Make the machine partial", root.ReplaceNode(declaration, partial));
    }
}
