using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes;

/// <summary>A fix that rewrites the root of one file. Each finding may have several, which the editor offers side by side.</summary>
public abstract class SyntaxFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => new OneAfterTheOther(this);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not CompilationUnitSyntax root
            || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
            return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            foreach (Rewrite rewrite in Rewrites(new Finding(root, NodeOf(root, diagnostic), model, diagnostic)))
            {
                CodeAction action = CodeAction.Create(rewrite.Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(rewrite.Root)), equivalenceKey: rewrite.Alike);
                context.RegisterCodeFix(action, diagnostic);
            }
        }
    }

    /// <summary>What can be done about a finding; empty where nothing is certain to be right.</summary>
    internal abstract IEnumerable<Rewrite> Rewrites(Finding finding);

    /// <summary>The file with one node replaced, and with a using directive for what the new one names.</summary>
    private protected static CompilationUnitSyntax Replace(CompilationUnitSyntax root, SyntaxNode old, SyntaxNode replacement, string? space = null) =>
        Import(root.ReplaceNode(old, replacement.WithTriviaFrom(old)), space);

    private protected static CompilationUnitSyntax Import(CompilationUnitSyntax root, string? space)
    {
        if (space is null || root.DescendantNodes().OfType<UsingDirectiveSyntax>().Any(directive => directive.Name?.ToString() == space))
            return root;
        UsingDirectiveSyntax directive = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(" " + space)).WithTrailingTrivia(SyntaxFactory.EndOfLine("\n"));
        return root.AddUsings(directive);
    }

    private static SyntaxNode NodeOf(SyntaxNode root, Diagnostic diagnostic) => root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);

    /// <summary>All findings of a file, the last first: what one rewrites, such as a parameter list, is there for the next. The usual provider drops all but one of those that change the same text.</summary>
    private sealed class OneAfterTheOther(SyntaxFix fix) : DocumentBasedFixAllProvider
    {
        protected override async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
        {
            if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } before)
                return document;
            (Diagnostic Diagnostic, SyntaxNode Node)[] findings =
                [.. diagnostics.OrderByDescending(static diagnostic => diagnostic.Location.SourceSpan.Start).Select(diagnostic => (diagnostic, NodeOf(before, diagnostic)))];
            document = document.WithSyntaxRoot(before.TrackNodes(findings.Select(static finding => finding.Node).Distinct()));
            foreach ((Diagnostic diagnostic, SyntaxNode node) in findings)
            {
                if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not CompilationUnitSyntax root
                    || root.GetCurrentNode(node) is not { } current
                    || await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
                    continue;
                Rewrite chosen = fix.Rewrites(new Finding(root, current, model, diagnostic)).FirstOrDefault(rewrite => rewrite.Alike == context.CodeActionEquivalenceKey);
                if (chosen.Root is not null)
                    document = document.WithSyntaxRoot(chosen.Root);
            }

            return document;
        }
    }
}

/// <summary>What a fix has to work on.</summary>
/// <param name="Root">The file.</param>
/// <param name="Node">The innermost node of it that the diagnostic marks.</param>
/// <param name="Model">What the nodes of the file mean.</param>
/// <param name="Diagnostic">What was found.</param>
internal readonly record struct Finding(CompilationUnitSyntax Root, SyntaxNode Node, SemanticModel Model, Diagnostic Diagnostic);

/// <summary>One way out, as the editor offers it.</summary>
/// <param name="Title">What the editor shows.</param>
/// <param name="Root">The file after it.</param>
/// <param name="Kind">What it has in common with those that "fix all" applies with it, where that isn't the title.</param>
internal readonly record struct Rewrite(string Title, SyntaxNode Root, string? Kind = null)
{
    public string Alike => Kind ?? Title;
}
