using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1010: formats and parses by the invariant culture.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameCultureFix)), Shared]
public sealed class NameCultureFix : SyntaxFix
{
    private const string Culture = "CultureInfo.InvariantCulture";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1010"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        (CompilationUnitSyntax root, SyntaxNode node) = (finding.Root, finding.Node);
        SyntaxNode old = node.FirstAncestorOrSelf<InterpolationSyntax>()?.Parent ?? node;
        ExpressionSyntax? replacement = old switch
        {
            InterpolatedStringExpressionSyntax text => SyntaxFactory.ParseExpression($"string.Create({Culture}, {text})"),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax method } call => Call(call, method.Name.Identifier.ValueText),
            _ => null,
        };
        if (replacement is not null)
            yield return new Rewrite("Use the invariant culture", Replace(root, old, replacement, "System.Globalization"));
    }

    private static InvocationExpressionSyntax? Call(InvocationExpressionSyntax call, string method)
    {
        ArgumentSyntax[] arguments = [.. call.ArgumentList.Arguments];
        int place = method switch
        {
            "Format" or "AppendFormat" => 0,
            "ToString" or "Parse" or "ToDouble" or "ToSingle" or "ToDecimal" or "ToDateTime" => arguments.Length,
            "TryParse" when arguments.Length == 2 => 1,
            _ => -1,
        };
        if (place < 0)
            return null;
        ArgumentSyntax culture = SyntaxFactory.Argument(SyntaxFactory.ParseExpression(Culture));
        return call.WithArgumentList(call.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(
            arguments.Take(place).Concat([culture]).Concat(arguments.Skip(place)),
            Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), arguments.Length))));
    }
}
