using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1001 and RSM1002: takes time and chance from the CommandContext, and gives the command one where it has none.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseContextFix)), Shared]
public sealed class UseContextFix : SyntaxFix
{
    /// <summary>What stands for what. The clock of the context is a DateTimeOffset in UTC.</summary>
    private static readonly Dictionary<string, string> Replacements = new(System.StringComparer.Ordinal)
    {
        ["DateTimeOffset.UtcNow"] = "Now",
        ["DateTimeOffset.Now"] = "Now",
        ["DateTime.UtcNow"] = "Now.UtcDateTime",
        ["DateTime.Now"] = "Now.UtcDateTime",
        ["DateTime.Today"] = "Now.UtcDateTime.Date",
        ["Guid.NewGuid()"] = "NewGuid()",
        ["Guid.CreateVersion7()"] = "NewGuid()",
        ["Random.Shared"] = "Random",
        ["new Random()"] = "Random",
    };

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1001", "RSM1002"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        (CompilationUnitSyntax root, SyntaxNode node) = (finding.Root, finding.Node);
        string text = node.ToString();
        if (text.StartsWith("System.", System.StringComparison.Ordinal))
            text = text.Substring("System.".Length);
        if (!Replacements.TryGetValue(text, out string replacement) || node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method)
            yield break;

        ParameterSyntax? context = method.ParameterList.Parameters.FirstOrDefault(static parameter => parameter.Type?.ToString() is "CommandContext" or "ReplicatedState.CommandContext");
        if (context is null && !IsCommand(method))
            yield break;
        string name = context?.Identifier.ValueText ?? "context";
        MethodDeclarationSyntax changed = method.ReplaceNode(node, SyntaxFactory.ParseExpression($"{name}.{replacement}").WithTriviaFrom(node));
        if (context is null)
            changed = changed.WithParameterList(WithContext(changed.ParameterList));
        yield return new Rewrite($"Use {name}.{replacement}", Import(root.ReplaceNode(method, changed), context is null ? "ReplicatedState" : null), nameof(UseContextFix));
    }

    private static bool IsCommand(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(static list => list.Attributes).Any(static attribute => attribute.Name.ToString() is "Command" or "CommandAttribute" or "ReplicatedState.Command");

    // A parameter behind optional ones would not compile: it goes before them.
    private static ParameterListSyntax WithContext(ParameterListSyntax list)
    {
        ParameterSyntax context = SyntaxFactory.Parameter(SyntaxFactory.Identifier("context")).WithType(SyntaxFactory.ParseTypeName("CommandContext").WithTrailingTrivia(SyntaxFactory.Space));
        int place = 0;
        while (place < list.Parameters.Count && list.Parameters[place] is { Default: null } parameter && !parameter.Modifiers.Any(SyntaxKind.ParamsKeyword))
            place++;
        IEnumerable<ParameterSyntax> parameters = list.Parameters.Take(place).Concat([context]).Concat(list.Parameters.Skip(place)).Select(static parameter => parameter.WithoutTrivia());
        return list.WithParameters(SyntaxFactory.SeparatedList(
            parameters, Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), list.Parameters.Count)));
    }
}
