using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0015: lets a restore assign the member.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeRestorableFix)), Shared]
public sealed class MakeRestorableFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0015"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { } field && field.Modifiers.FirstOrDefault(static modifier => modifier.IsKind(SyntaxKind.ReadOnlyKeyword)) is { RawKind: not 0 } keyword)
        {
            FieldDeclarationSyntax assignable = field.WithModifiers(field.Modifiers.Remove(keyword));
            yield return new Rewrite("Remove readonly", finding.Root.ReplaceNode(field, field.GetFirstToken() == keyword ? assignable.WithLeadingTrivia(keyword.LeadingTrivia) : assignable));
        }
        else if (finding.Node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { AccessorList: { } accessors } property)
        {
            AccessorDeclarationSyntax setter = SyntaxFactory.AccessorDeclaration(SyntaxKind.SetAccessorDeclaration)
                .WithModifiers(SyntaxFactory.TokenList(SyntaxFactory.Token(SyntaxKind.PrivateKeyword).WithTrailingTrivia(SyntaxFactory.Space)))
                .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken))
                .WithTrailingTrivia(SyntaxFactory.Space);
            AccessorDeclarationSyntax? old = accessors.Accessors.FirstOrDefault(static accessor => accessor.Keyword.IsKind(SyntaxKind.InitKeyword));
            AccessorListSyntax changed = old is null ? accessors.AddAccessors(setter) : accessors.ReplaceNode(old, setter);
            yield return new Rewrite("Add a private setter", finding.Root.ReplaceNode(property, property.WithAccessorList(changed)));
        }
    }
}
