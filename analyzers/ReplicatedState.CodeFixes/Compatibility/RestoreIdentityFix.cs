using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Compatibility;

/// <summary>RSM3006 and RSM3007: gives a member the name or number with which it was released.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RestoreIdentityFix)), Shared]
public sealed class RestoreIdentityFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM3006", "RSM3007"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || AttributeArguments.Find(member, "Command", "Query", "State") is not { } attribute
            || !finding.Diagnostic.Properties.TryGetValue("Fact", out string? released) || released is not { Length: > 0 })
            yield break;
        if (finding.Diagnostic.Id == "RSM3006")
        {
            yield return new Rewrite($"Set Name to \"{released}\"", finding.Root.ReplaceNode(attribute, AttributeArguments.With(attribute, "Name", SymbolDisplay.FormatLiteral(released, quote: true))), "Name");
            yield break;
        }

        // A released number in hexadecimal is the hash of the name, which is the same: only the explicit number is in its way.
        string? number = released.StartsWith("0x", System.StringComparison.Ordinal) ? null : released;
        AttributeSyntax numbered = AttributeArguments.NameOf(attribute) == "State" ? AttributeArguments.WithNumber(attribute, number)
            : number is null ? AttributeArguments.Without(attribute, "Id")
            : AttributeArguments.With(attribute, "Id", number);
        yield return new Rewrite(number is null ? "Remove the number" : $"Set the number to {number}", finding.Root.ReplaceNode(attribute, numbered), "Number");
    }
}
