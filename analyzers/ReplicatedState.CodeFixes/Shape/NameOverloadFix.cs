using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes.Shape;

/// <summary>RSM0014: names an overload after what it takes beyond the others.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameOverloadFix)), Shared]
public sealed class NameOverloadFix : SyntaxFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM0014"];

    internal override IEnumerable<Rewrite> Rewrites(Finding finding)
    {
        if (finding.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax type } method || AttributeArguments.Find(method, "Command", "Query") is not { } attribute)
            yield break;
        MethodDeclarationSyntax[] others = [.. type.Members.OfType<MethodDeclarationSyntax>().Where(other => other != method && other.Identifier.ValueText == method.Identifier.ValueText)];
        var known = new HashSet<string>(others.SelectMany(static other => other.ParameterList.Parameters).Select(static parameter => parameter.Identifier.ValueText));
        var taken = new HashSet<string>(type.Members.OfType<MethodDeclarationSyntax>().Where(other => other != method).Select(NameOf));
        string[] own = [.. Arguments(method).Select(static parameter => parameter.Identifier.ValueText).Where(parameter => !known.Contains(parameter))];

        // Where the names are the same, the types are not.
        string distinction = own.Length > 0 ? string.Concat(own.Select(Capitalized)) : string.Concat(Arguments(method).Select(static parameter => new string([.. Capitalized(parameter.Type?.ToString() ?? "").Where(char.IsLetterOrDigit)])));
        string name = $"{method.Identifier.ValueText}{(distinction.Length == 0 ? "Alone" : $"With{distinction}")}";
        if (!taken.Contains(name))
            yield return new Rewrite($"Name it \"{name}\"", finding.Root.ReplaceNode(attribute, AttributeArguments.With(attribute, "Name", SymbolDisplay.FormatLiteral(name, quote: true))), nameof(NameOverloadFix));
    }

    private static IEnumerable<ParameterSyntax> Arguments(MethodDeclarationSyntax method) => method.ParameterList.Parameters.Where(static parameter => parameter.Type?.ToString() is not "CommandContext");

    private static string NameOf(MethodDeclarationSyntax method) =>
        AttributeArguments.Find(method, "Command", "Query")?.ArgumentList?.Arguments.FirstOrDefault(static argument => argument.NameEquals?.Name.Identifier.ValueText == "Name")?.Expression is LiteralExpressionSyntax literal
            ? literal.Token.ValueText
            : method.Identifier.ValueText;

    private static string Capitalized(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name.Substring(1);
}
