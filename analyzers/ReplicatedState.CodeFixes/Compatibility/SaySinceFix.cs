using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Compatibility;

/// <summary>RSM3012 and RSM3004: says with which version of the machine something came, and raises that version where it is released already.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SaySinceFix)), Shared]
public sealed class SaySinceFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM3004", "RSM3012"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (!finding.Diagnostic.Properties.TryGetValue("Released", out string? text) || !int.TryParse(text, out int released)
            || finding.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { Parent: ClassDeclarationSyntax type } member
            || finding.Model.GetDeclaredSymbol(type) is not { } symbol
            || symbol.GetAttributes().FirstOrDefault(static attribute => attribute.AttributeClass?.Name == "ReplicatedStateMachineAttribute") is not { } machine)
            yield break;
        int version = machine.NamedArguments.FirstOrDefault(static argument => argument.Key == "Version").Value.Value is int declared ? declared : 1;
        AttributeSyntax? raised = version > released ? null : AttributeArguments.Find(type, "ReplicatedStateMachine");
        if (version <= released && raised is null)
            yield break; // the version is in another file
        int since = System.Math.Max(version, released + 1);
        (SyntaxNode? before, SyntaxNode? after) = finding.Diagnostic.Id == "RSM3012" ? OnMember(member, since) : OnParameter(member, finding.Diagnostic, since);
        if (before is null || after is null)
            yield break;
        SyntaxNode root = raised is null
            ? finding.Root.ReplaceNode(before, after)
            : finding.Root.ReplaceNodes([before, raised], (old, _) => old == before ? after : AttributeArguments.With(raised, "Version", $"{since}"));
        yield return new Rewrite($"Say Since = {since}", root, "Since");
    }

    private static (SyntaxNode?, SyntaxNode?) OnMember(MemberDeclarationSyntax member, int since) =>
        AttributeArguments.Find(member, "Command", "State") is { } attribute ? (attribute, AttributeArguments.With(attribute, "Since", $"{since}")) : (null, null);

    private static (SyntaxNode?, SyntaxNode?) OnParameter(MemberDeclarationSyntax member, Diagnostic diagnostic, int since)
    {
        if (!diagnostic.Properties.TryGetValue("Fact", out string? name) || (member as MethodDeclarationSyntax)?.ParameterList.Parameters.FirstOrDefault(parameter => parameter.Identifier.ValueText == name) is not { AttributeLists.Count: 0 } added)
            return (null, null);
        AttributeListSyntax list = SyntaxFactory.ParseMemberDeclaration($"[Since({since})] int member;")!.AttributeLists[0].WithTrailingTrivia(SyntaxFactory.Space);
        return (added, added.WithoutLeadingTrivia().AddAttributeLists(list).WithLeadingTrivia(added.GetLeadingTrivia()));
    }
}
