using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Compatibility;

/// <summary>RSM3008: gives the members of an enumeration the numbers with which they were released.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenumberEnumFix)), Shared]
public sealed class RenumberEnumFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM3008"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<EnumDeclarationSyntax>() is not { } declaration || !finding.Diagnostic.Properties.TryGetValue("Fact", out string? fact) || fact is null)
            yield break;
        Dictionary<string, string> released = fact.Split(',').Select(static part => part.Split('=')).Where(static pair => pair.Length == 2).ToDictionary(static pair => pair[0].Trim(), static pair => pair[1].Trim());
        var present = new HashSet<string>(declaration.Members.Select(static member => member.Identifier.ValueText));

        // A member that is gone is to be put back by its author, and a negative number may be a flag.
        if (released.Count == 0 || !released.Keys.All(present.Contains) || !released.Values.All(static number => long.TryParse(number, out _)))
            yield break;
        long next = released.Values.Max(long.Parse);
        var numbered = new List<EnumMemberDeclarationSyntax>();
        foreach (EnumMemberDeclarationSyntax member in declaration.Members)
            numbered.Add(WithNumber(member, released.TryGetValue(member.Identifier.ValueText, out string number) ? number : $"{++next}"));
        yield return new Rewrite("Number the members as they were released", finding.Root.ReplaceNode(declaration, declaration.WithMembers(SyntaxFactory.SeparatedList(numbered, declaration.Members.GetSeparators()))));
    }

    private static EnumMemberDeclarationSyntax WithNumber(EnumMemberDeclarationSyntax member, string number)
    {
        EqualsValueClauseSyntax value = SyntaxFactory.EqualsValueClause(SyntaxFactory.ParseExpression(number))
            .WithEqualsToken(SyntaxFactory.Token(SyntaxKind.EqualsToken).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space));
        return member.WithEqualsValue(null).WithoutTrailingTrivia().WithEqualsValue(value).WithTrailingTrivia(member.GetTrailingTrivia());
    }
}
