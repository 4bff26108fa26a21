using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1003: removes a lock, which protects nothing in a command, and keeps what it holds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveLockFix)), Shared]
public sealed class RemoveLockFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1003"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.Parent is not LockStatementSyntax { Statement: { } inner } locked || finding.Node != locked.Expression)
            yield break;
        SyntaxNode root = locked.Parent is BlockSyntax && inner is BlockSyntax block && !block.Statements.Any(static statement => statement is LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax)
            ? block.Statements.Count == 0 ? finding.Root.RemoveNode(locked, SyntaxRemoveOptions.KeepExteriorTrivia)! : finding.Root.ReplaceNode(locked, Outdented(block.Statements, locked))
            : finding.Root.ReplaceNode(locked, inner.WithLeadingTrivia(locked.GetLeadingTrivia()));
        yield return new Rewrite("Remove the lock", root);
    }

    private static IEnumerable<SyntaxNode> Outdented(SyntaxList<StatementSyntax> statements, LockStatementSyntax locked)
    {
        for (int i = 0; i < statements.Count; i++)
        {
            StatementSyntax statement = i == 0 ? statements[i].WithLeadingTrivia(locked.GetLeadingTrivia()) : statements[i].WithLeadingTrivia(locked.GetLeadingTrivia().Where(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
            yield return i == statements.Count - 1 ? statement.WithTrailingTrivia(locked.GetTrailingTrivia()) : statement;
        }
    }
}
