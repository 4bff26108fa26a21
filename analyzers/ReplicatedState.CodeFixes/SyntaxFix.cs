using System.Collections.Generic;
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
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not CompilationUnitSyntax root)
            return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            SyntaxNode node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            foreach (Rewrite rewrite in Rewrites(root, node))
            {
                CodeAction action = CodeAction.Create(rewrite.Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(rewrite.Root)), equivalenceKey: rewrite.Title);
                context.RegisterCodeFix(action, diagnostic);
            }
        }
    }

    /// <summary>What can be done about a finding; empty where nothing is certain to be right.</summary>
    internal abstract IEnumerable<Rewrite> Rewrites(CompilationUnitSyntax root, SyntaxNode node);

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
}

/// <summary>One way out, as the editor offers it.</summary>
internal readonly record struct Rewrite(string Title, SyntaxNode Root);
