using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0016: marks a member as state, or as left out of snapshots.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DeclareMemberFix)), Shared]
public sealed class DeclareMemberFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0016"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        (CompilationUnitSyntax root, SyntaxNode node) = (finding.Root, finding.Node);
        if (node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || member is not (FieldDeclarationSyntax or PropertyDeclarationSyntax))
            yield break;
        yield return new Rewrite("Carry it in snapshots: [State]", root.ReplaceNode(member, WithAttribute(member, "State")));
        yield return new Rewrite("Leave it out of snapshots: [Transient]", root.ReplaceNode(member, WithAttribute(member, "Transient")));
    }

    internal static MemberDeclarationSyntax WithAttribute(MemberDeclarationSyntax member, string name)
    {
        // Parsed, because the formatter puts a list that was put together on a line of its own.
        AttributeListSyntax list = SyntaxFactory.ParseMemberDeclaration($"[{name}] int member;")!.AttributeLists[0].WithLeadingTrivia(member.GetLeadingTrivia());
        MemberDeclarationSyntax bare = member.WithLeadingTrivia();
        return bare.WithAttributeLists(bare.AttributeLists.Insert(0, list));
    }
}
