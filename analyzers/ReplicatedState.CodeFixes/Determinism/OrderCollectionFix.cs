using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1008: gives the collection an order: by its keys, where they have one, or that of insertion.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OrderCollectionFix)), Shared]
public sealed class OrderCollectionFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1008"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        foreach (ISymbol member in finding.Node.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Select(name => finding.Model.GetSymbolInfo(name).Symbol).Where(static symbol => symbol is IFieldSymbol or IPropertySymbol).OfType<ISymbol>())
        {
            var type = (member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type) as INamedTypeSymbol;
            if (type is not { Name: "Dictionary" or "HashSet", TypeArguments.IsEmpty: false } || MemberDeclarations.Find(finding.Root, member) is not { } declaration || MemberDeclarations.TypeOf(declaration) is not GenericNameSyntax written)
                continue;
            bool isMap = type.Name == "Dictionary";
            if (HasOrder(type.TypeArguments[0]) && Changed(finding.Root, declaration, written, isMap ? "SortedDictionary" : "SortedSet", type.TypeArguments[0]) is { } sorted)
                yield return new Rewrite($"Keep '{member.Name}' sorted: {(isMap ? "SortedDictionary" : "SortedSet")}", sorted, "Sorted");
            if (isMap && Changed(finding.Root, declaration, written, "OrderedDictionary", key: null) is { } ordered)
                yield return new Rewrite($"Keep '{member.Name}' in the order of insertion: OrderedDictionary", ordered, "Ordered");
            yield break;
        }
    }

    private static bool HasOrder(ITypeSymbol key) =>
        key.TypeKind == TypeKind.Enum || key.AllInterfaces.Any(static contract => contract is { Name: "IComparable", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } });

    /// <summary>The file with another collection; null where the member is made in a way that the other can't be. Text is sorted by its characters.</summary>
    private static CompilationUnitSyntax? Changed(CompilationUnitSyntax root, MemberDeclarationSyntax declaration, GenericNameSyntax written, string name, ITypeSymbol? key)
    {
        TypeSyntax type = written.WithIdentifier(SyntaxFactory.Identifier(name)).WithTriviaFrom(written);
        if (MemberDeclarations.InitializerOf(declaration) is not { Value: { } value } initializer)
            return root.ReplaceNode(written, type);
        bool isEmpty = value is CollectionExpressionSyntax { Elements.Count: 0 } or BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList: null or { Arguments.Count: 0 } };
        string? comparer = value is BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments: { Count: 1 } arguments } && arguments[0].ToString() is var argument && argument.StartsWith("StringComparer.", System.StringComparison.Ordinal) ? argument : null;
        if (!isEmpty && comparer is null)
            return null;
        bool isText = key?.SpecialType == SpecialType.System_String;
        ExpressionSyntax made = comparer is null && !isText ? value is CollectionExpressionSyntax ? value : SyntaxFactory.ParseExpression("new()") : SyntaxFactory.ParseExpression($"new({comparer ?? "StringComparer.Ordinal"})");
        return Import(
            root.ReplaceNodes([written, (SyntaxNode)initializer.Value], (old, _) => old == written ? type : made.WithTriviaFrom(old)),
            isText ? "System" : null);
    }
}
