using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1009: compares, sorts and changes the case of text by its characters.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CompareOrdinallyFix)), Shared]
public sealed class CompareOrdinallyFix : SyntaxFix
{
    private const string Comparer = "StringComparer.Ordinal";
    private const string Comparison = "StringComparison.Ordinal";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1009"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        (CompilationUnitSyntax root, SyntaxNode node) = (finding.Root, finding.Node);
        ExpressionSyntax? replacement = node switch
        {
            ObjectCreationExpressionSyntax creation => creation.WithArgumentList(With(creation.ArgumentList ?? SyntaxFactory.ArgumentList(), Comparer)),
            ImplicitObjectCreationExpressionSyntax creation => creation.WithArgumentList(With(creation.ArgumentList, Comparer)),
            CollectionExpressionSyntax { Elements.Count: 0 } => SyntaxFactory.ParseExpression($"new({Comparer})"),
            MemberAccessExpressionSyntax { Expression: var type, Name.Identifier.ValueText: var name } when type.ToString().EndsWith("StringComparer", System.StringComparison.Ordinal)
                || type.ToString().EndsWith("StringComparison", System.StringComparison.Ordinal) =>
                SyntaxFactory.ParseExpression($"{type}.{(name.EndsWith("IgnoreCase", System.StringComparison.Ordinal) ? "OrdinalIgnoreCase" : "Ordinal")}"),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax method } call => Call(call, method),
            _ => null,
        };

        // A sort is marked by its name alone.
        if (node is SimpleNameSyntax && node.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax sort })
            yield return new Rewrite("Sort by characters: " + Comparer, Replace(root, sort, sort.WithArgumentList(With(sort.ArgumentList, Comparer)), "System"), nameof(CompareOrdinallyFix));
        else if (replacement is not null)
            yield return new Rewrite("Compare by characters", Replace(root, node, replacement, "System"), nameof(CompareOrdinallyFix));
    }

    private static ExpressionSyntax? Call(InvocationExpressionSyntax call, MemberAccessExpressionSyntax method) => method.Name.Identifier.ValueText switch
    {
        "StartsWith" or "EndsWith" or "IndexOf" or "LastIndexOf" => call.WithArgumentList(With(call.ArgumentList, Comparison)),
        "Compare" when call.ArgumentList.Arguments.Count is 2 or 5 => call.WithArgumentList(With(call.ArgumentList, Comparison)),
        "CompareTo" => SyntaxFactory.ParseExpression($"string.CompareOrdinal({method.Expression}, {call.ArgumentList.Arguments[0]})"),
        "ToUpper" or "ToLower" when call.ArgumentList.Arguments.Count == 0 => SyntaxFactory.ParseExpression($"{method.Expression}.{method.Name}Invariant()"),
        _ => null,
    };

    private static ArgumentListSyntax With(ArgumentListSyntax list, string argument)
    {
        ArgumentSyntax added = SyntaxFactory.Argument(SyntaxFactory.ParseExpression(argument));
        return list.WithArguments(SyntaxFactory.SeparatedList(
            list.Arguments.Concat([added]), Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), list.Arguments.Count)));
    }
}
