using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0008: returns the value instead of a task, where the method waits for nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeSynchronousFix)), Shared]
public sealed class MakeSynchronousFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0008"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || method.DescendantNodes().Any(static node => node is AwaitExpressionSyntax or YieldStatementSyntax || node is ForEachStatementSyntax { AwaitKeyword.RawKind: not 0 }))
            yield break;
        bool isAsync = method.Modifiers.Any(SyntaxKind.AsyncKeyword);
        if (Result(method.ReturnType) is not { } result)
            yield break;
        MethodDeclarationSyntax changed = method;
        if (!isAsync)
        {
            ExpressionSyntax[] returned = [.. Returned(method)];
            if (returned.Length == 0 || returned.Any(static expression => !IsCompleted(expression)))
                yield break;
            changed = Unwrapped(changed);
        }

        changed = changed.WithReturnType(SyntaxFactory.ParseTypeName(result).WithTriviaFrom(changed.ReturnType));
        if (changed.Modifiers.FirstOrDefault(static modifier => modifier.IsKind(SyntaxKind.AsyncKeyword)) is { RawKind: not 0 } keyword)
            changed = changed.WithModifiers(changed.Modifiers.Remove(keyword));
        yield return new Rewrite("Return it synchronously", finding.Root.ReplaceNode(method, changed.WithLeadingTrivia(method.GetLeadingTrivia())));
    }

    private static string? Result(TypeSyntax type) => (type is QualifiedNameSyntax qualified ? qualified.Right : type) switch
    {
        GenericNameSyntax { Identifier.ValueText: "Task" or "ValueTask", TypeArgumentList.Arguments: { Count: 1 } arguments } => arguments[0].ToString(),
        IdentifierNameSyntax { Identifier.ValueText: "Task" or "ValueTask" } => "void",
        PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } => "void",
        _ => null,
    };

    private static IEnumerable<ExpressionSyntax> Returned(MethodDeclarationSyntax method) => method.ExpressionBody is { } body
        ? [body.Expression]
        : method.Body?.DescendantNodes(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>().Select(static statement => statement.Expression).OfType<ExpressionSyntax>() ?? [];

    private static bool IsCompleted(ExpressionSyntax expression) => expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CompletedTask" } || Value(expression) is not null;

    private static ExpressionSyntax? Value(ExpressionSyntax expression) => expression switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "FromResult" }, ArgumentList.Arguments: { Count: 1 } arguments } => arguments[0].Expression,
        ObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } => arguments[0].Expression,
        ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } => arguments[0].Expression,
        _ => null,
    };

    private static MethodDeclarationSyntax Unwrapped(MethodDeclarationSyntax method)
    {
        if (method.ExpressionBody is { } body)
        {
            return Value(body.Expression) is { } value
                ? method.WithExpressionBody(body.WithExpression(value.WithTriviaFrom(body.Expression)))
                : method.WithExpressionBody(null).WithSemicolonToken(default).WithBody((BlockSyntax)SyntaxFactory.ParseStatement("{ }").WithTrailingTrivia(method.GetTrailingTrivia()));
        }

        return method.ReplaceNodes(
            Returned(method).Select(static expression => (ReturnStatementSyntax)expression.Parent!),
            static (statement, _) => Value(statement.Expression!) is { } value
                ? statement.WithExpression(value)
                : statement.WithExpression(null).WithReturnKeyword(statement.ReturnKeyword.WithTrailingTrivia()));
    }
}
