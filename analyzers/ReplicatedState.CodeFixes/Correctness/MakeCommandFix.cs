using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Correctness;

/// <summary>RSM2001: makes a query that writes a command.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeCommandFix)), Shared]
public sealed class MakeCommandFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM2001"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        // Where the write is in another method, the query may as well stop calling it.
        if (finding.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method || AttributeArguments.Find(method, "Query") is not { } query)
            yield break;
        AttributeSyntax command = query;
        foreach (string property in new[] { "Consistency", "MaxStalenessMs", "Default" })
            command = AttributeArguments.Without(command, property);
        yield return new Rewrite("Make it a command", finding.Root.ReplaceNode(query, command.WithName(SyntaxFactory.ParseName("Command"))));
    }
}
