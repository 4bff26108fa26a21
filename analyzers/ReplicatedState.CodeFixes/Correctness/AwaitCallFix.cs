using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Correctness;

/// <summary>RSM2006: awaits a call, where the method is asynchronous.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitCallFix)), Shared]
public sealed class AwaitCallFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM2006"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } statement || statement.Expression is ConditionalAccessExpressionSyntax || !IsAsynchronous(finding.Node))
            yield break;
        ExpressionSyntax call = statement.Expression is AssignmentExpressionSyntax discard ? discard.Right : statement.Expression;
        if (call is ConditionalAccessExpressionSyntax || !call.Span.Contains(finding.Node.Span))
            yield break;
        yield return new Rewrite("Await it", finding.Root.ReplaceNode(statement.Expression, SyntaxFactory.ParseExpression($"await {call}").WithTriviaFrom(statement.Expression)));
    }

    private static bool IsAsynchronous(SyntaxNode call)
    {
        foreach (SyntaxNode ancestor in call.Ancestors())
        {
            switch (ancestor)
            {
                case AnonymousFunctionExpressionSyntax function:
                    return !function.AsyncKeyword.IsKind(SyntaxKind.None);
                case LocalFunctionStatementSyntax function:
                    return function.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case MethodDeclarationSyntax method:
                    return method.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case GlobalStatementSyntax:
                    return true;
                case LockStatementSyntax or MemberDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }
}
