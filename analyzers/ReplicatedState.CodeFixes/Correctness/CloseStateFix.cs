using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Correctness;

/// <summary>RSM2007: keeps the setter of a state member to the machine; a field becomes a property.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CloseStateFix)), Shared]
public sealed class CloseStateFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM2007"];

    private static readonly SyntaxToken Private = SyntaxFactory.Token(SyntaxKind.PrivateKeyword).WithTrailingTrivia(SyntaxFactory.Space);

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        MemberDeclarationSyntax? member = finding.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        MemberDeclarationSyntax? closed = member switch
        {
            PropertyDeclarationSyntax { AccessorList: { } accessors } property when accessors.Accessors.FirstOrDefault(static accessor => accessor.Keyword.IsKind(SyntaxKind.SetKeyword)) is { } setter =>
                property.ReplaceNode(setter, setter.WithModifiers(SyntaxFactory.TokenList(Private)).WithKeyword(setter.Keyword.WithLeadingTrivia()).WithLeadingTrivia(setter.GetLeadingTrivia())),
            FieldDeclarationSyntax { Declaration.Variables: { Count: 1 } variables } field when !field.Modifiers.Any(SyntaxKind.VolatileKeyword) => Property(field, variables[0]),
            _ => null,
        };
        if (closed is not null)
            yield return new Rewrite("Make the setter private", finding.Root.ReplaceNode(member!, closed));
    }

    private static MemberDeclarationSyntax? Property(FieldDeclarationSyntax field, VariableDeclaratorSyntax variable) =>
        SyntaxFactory.ParseMemberDeclaration($"{field.AttributeLists.ToFullString().TrimStart()}{field.Modifiers.ToFullString().TrimStart()}{field.Declaration.Type} {variable.Identifier} {{ get; private set; }}{(variable.Initializer is { } initializer ? $" {initializer};" : "")}")?.WithTriviaFrom(field);
}
