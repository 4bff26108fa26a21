using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes;

/// <summary>Changes what an attribute says.</summary>
internal static class AttributeArguments
{
    /// <summary>The attribute of a member or type by its name in C#: <c>Command</c>, also where it is written in full.</summary>
    public static AttributeSyntax? Find(MemberDeclarationSyntax member, params string[] names) =>
        member.AttributeLists.SelectMany(static list => list.Attributes).FirstOrDefault(attribute => names.Contains(NameOf(attribute)));

    /// <summary>The attribute's last name, without the word Attribute.</summary>
    public static string NameOf(AttributeSyntax attribute)
    {
        string name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : attribute.Name is SimpleNameSyntax simple ? simple.Identifier.ValueText : attribute.Name.ToString();
        const string Suffix = "Attribute";
        return name.Length > Suffix.Length && name.EndsWith(Suffix, System.StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }

    /// <summary>The attribute with a property set, in the place where it was or at the end.</summary>
    public static AttributeSyntax With(AttributeSyntax attribute, string property, string value)
    {
        AttributeArgumentSyntax argument = SyntaxFactory.ParseCompilationUnit($"[assembly: A({property} = {value})]").AttributeLists[0].Attributes[0].ArgumentList!.Arguments[0];
        AttributeArgumentSyntax[] before = Arguments(attribute);
        return WithArguments(attribute, before.Any(old => Sets(old, property)) ? [.. before.Select(old => Sets(old, property) ? argument : old)] : [.. before, argument]);
    }

    /// <summary>The attribute without a property.</summary>
    public static AttributeSyntax Without(AttributeSyntax attribute, string property) => WithArguments(attribute, [.. Arguments(attribute).Where(old => !Sets(old, property))]);

    /// <summary>The attribute with another number as the argument of its constructor, or with none.</summary>
    public static AttributeSyntax WithNumber(AttributeSyntax attribute, string? number)
    {
        AttributeArgumentSyntax[] named = [.. Arguments(attribute).Where(static old => old.NameEquals is not null)];
        return WithArguments(attribute, number is null ? named : [SyntaxFactory.AttributeArgument(SyntaxFactory.ParseExpression(number)), .. named]);
    }

    private static AttributeArgumentSyntax[] Arguments(AttributeSyntax attribute) => attribute.ArgumentList is { } list ? [.. list.Arguments] : [];

    private static bool Sets(AttributeArgumentSyntax argument, string property) => argument.NameEquals?.Name.Identifier.ValueText == property;

    private static AttributeSyntax WithArguments(AttributeSyntax attribute, AttributeArgumentSyntax[] arguments)
    {
        if (arguments.Length == 0)
            return attribute.WithArgumentList(null);
        var list = SyntaxFactory.SeparatedList(
            arguments.Select(static argument => argument.WithoutTrivia()),
            Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), arguments.Length - 1));
        return attribute.WithArgumentList(attribute.ArgumentList?.WithArguments(list) ?? SyntaxFactory.AttributeArgumentList(list));
    }
}
