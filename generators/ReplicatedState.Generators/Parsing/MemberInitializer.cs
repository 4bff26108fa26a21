using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.Generators.Parsing;

/// <summary>The initializer of an object's member, by which JSON may lack the member. Only source shows it: what another assembly initializes has to be given.</summary>
internal static class MemberInitializer
{
    /// <summary>The initializer; null where there is none, or where it only promises the compiler that a value will come.</summary>
    public static ExpressionSyntax? Of(ISymbol member)
    {
        if (member is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true })
            return null;
        ExpressionSyntax? initializer = member.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax() switch
        {
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            VariableDeclaratorSyntax field => field.Initializer?.Value,
            _ => null,
        }).FirstOrDefault(static value => value is not null);
        return initializer.IsKind(SyntaxKind.SuppressNullableWarningExpression) ? null : initializer;
    }

    /// <summary>Its text where that means the same wherever it stands; otherwise null.</summary>
    public static string? TextOf(ExpressionSyntax initializer) => initializer switch
    {
        LiteralExpressionSyntax literal => literal.Token.Text,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax literal } => $"-{literal.Token.Text}",
        CollectionExpressionSyntax { Elements.Count: 0 } => "[]",
        ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0, Initializer: null } => "new()",
        _ => null,
    };
}
