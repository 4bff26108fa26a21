using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1019: gives the collection its comparer where it is declared, so that a restore finds it there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DeclareComparerFix)), Shared]
public sealed class DeclareComparerFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1019"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node is not BaseObjectCreationExpressionSyntax { Parent: AssignmentExpressionSyntax assignment, ArgumentList: { } list }
            || list.Arguments.FirstOrDefault(argument => IsComparer(finding.Model.GetTypeInfo(argument.Expression).Type)) is not { } comparer
            || MemberDeclarations.Find(finding.Root, finding.Model.GetSymbolInfo(assignment.Left).Symbol) is not { } declaration
            || MemberDeclarations.InitializerOf(declaration) is not { Value: CollectionExpressionSyntax { Elements.Count: 0 } or BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList: null or { Arguments.Count: 0 } } } initializer)
            yield break;
        ExpressionSyntax made = SyntaxFactory.ParseExpression($"new({comparer})").WithTriviaFrom(initializer.Value);
        yield return new Rewrite($"Declare it with {comparer}", finding.Root.ReplaceNode(initializer.Value, made), nameof(DeclareComparerFix));
    }

    private static bool IsComparer(ITypeSymbol? type) => type?.AllInterfaces.Any(static contract => contract.Name is "IComparer" or "IEqualityComparer") == true || type?.Name is "IComparer" or "IEqualityComparer";
}
