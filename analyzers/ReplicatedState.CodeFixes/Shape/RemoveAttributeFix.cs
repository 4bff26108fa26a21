using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0018: removes an attribute that has no effect.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveAttributeFix)), Shared]
public sealed class RemoveAttributeFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0018"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute)
            yield return new Rewrite("Remove the attribute", Remove(finding.Root, attribute));
    }

    /// <summary>The file without an attribute, and without its brackets where nothing else is in them.</summary>
    internal static SyntaxNode Remove(CompilationUnitSyntax root, AttributeSyntax attribute)
    {
        if (attribute.Parent is not AttributeListSyntax list)
            return root;
        if (list.Attributes.Count > 1)
            return root.ReplaceNode(list, list.WithAttributes(list.Attributes.Remove(attribute)));
        if (list.Parent is not MemberDeclarationSyntax member)
            return root;
        MemberDeclarationSyntax bare = member.WithAttributeLists(member.AttributeLists.Remove(list));

        // What stands before the first list, such as documentation, belongs to the member.
        return root.ReplaceNode(member, member.AttributeLists[0] == list ? bare.WithLeadingTrivia(list.GetLeadingTrivia()) : bare);
    }
}
