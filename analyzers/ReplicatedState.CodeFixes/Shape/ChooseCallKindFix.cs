using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0006: makes a method that is both a command and a query one of them.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ChooseCallKindFix)), Shared]
public sealed class ChooseCallKindFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0006"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method)
            yield break;
        yield return new Rewrite("Make it a command", Without(finding.Root, method, "Query"));
        yield return new Rewrite("Make it a query", Without(finding.Root, method, "Command"));
    }

    private static SyntaxNode Without(CompilationUnitSyntax root, MethodDeclarationSyntax method, string name) =>
        AttributeArguments.Find(method, name) is { } attribute ? RemoveAttributeFix.Remove(root, attribute) : root;
}
