using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Determinism;

/// <summary>RSM1006: makes a static variable of a machine a part of its state.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeInstanceStateFix)), Shared]
public sealed class MakeInstanceStateFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM1006"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node is not IdentifierNameSyntax name || finding.Model.GetSymbolInfo(name).Symbol is not { IsStatic: true, Kind: SymbolKind.Field or SymbolKind.Property } member
            || MemberDeclarations.Find(finding.Root, member) is not { Parent: ClassDeclarationSyntax type } declaration || AttributeArguments.Find(type, "ReplicatedStateMachine") is null
            || IsUsedByType(finding.Root, member.Name))
            yield break;
        SyntaxToken keyword = declaration.Modifiers.First(static modifier => modifier.IsKind(SyntaxKind.StaticKeyword));
        MemberDeclarationSyntax instance = declaration.WithModifiers(declaration.Modifiers.Remove(keyword)).WithLeadingTrivia(declaration.GetLeadingTrivia());
        if (AttributeArguments.Find(instance, "State", "Transient") is { } attribute)
            instance = instance.ReplaceNode(attribute, SyntaxFactory.Attribute(SyntaxFactory.ParseName("State")));
        else
            instance = Shape.DeclareMemberFix.WithAttribute(instance, "State");
        yield return new Rewrite($"Make '{member.Name}' a part of the state", finding.Root.ReplaceNode(declaration, instance), nameof(MakeInstanceStateFix));
    }

    /// <summary>Whether something names the variable by its class, or uses it where there is no instance; then more would have to change.</summary>
    private static bool IsUsedByType(CompilationUnitSyntax root, string name) => root.DescendantNodes().OfType<IdentifierNameSyntax>().Any(use =>
        use.Identifier.ValueText == name
        && (use.Parent is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } access && access.Name == use
            || use.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault()?.Modifiers.Any(SyntaxKind.StaticKeyword) == true));
}
