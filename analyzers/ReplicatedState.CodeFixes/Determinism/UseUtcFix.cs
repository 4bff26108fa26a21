using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1012: takes the UTC of a DateTimeOffset instead of the local time of one machine.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseUtcFix)), Shared]
public sealed class UseUtcFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1012"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        (MemberAccessExpressionSyntax? access, string? name) = finding.Node switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "LocalDateTime" } property => (property, "UtcDateTime"),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToLocalTime" } method } => (method, "ToUniversalTime"),
            _ => ((MemberAccessExpressionSyntax?)null, (string?)null),
        };

        // A DateTime may be of any kind, and what is meant by it only its author knows.
        if (access is null || name is null || finding.Model.GetTypeInfo(access.Expression).Type?.Name != "DateTimeOffset")
            yield break;
        yield return new Rewrite($"Use {name}", finding.Root.ReplaceNode(access.Name, SyntaxFactory.IdentifierName(name).WithTriviaFrom(access.Name)), nameof(UseUtcFix));
    }
}
