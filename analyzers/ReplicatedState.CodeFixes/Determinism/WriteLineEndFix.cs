using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1018: ends lines as every platform does.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteLineEndFix)), Shared]
public sealed class WriteLineEndFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1018"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        ExpressionSyntax? replacement = finding.Node switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "NewLine" } => SyntaxFactory.ParseExpression("\"\\n\""),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AppendLine" } method, ArgumentList.Arguments: var arguments } => arguments.Count switch
            {
                0 => SyntaxFactory.ParseExpression($"{method.Expression}.Append('\\n')"),
                1 => SyntaxFactory.ParseExpression($"{method.Expression}.Append({arguments[0]}).Append('\\n')"),
                _ => null,
            },
            _ => null,
        };
        if (replacement is not null)
            yield return new Rewrite("Write '\\n'", Replace(finding.Root, finding.Node, replacement));
    }
}
