using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ReplicatedState.CodeFixes;

/// <summary>Finds and changes the declaration of a field or property in the file at hand.</summary>
internal static class MemberDeclarations
{
    /// <summary>The declaration, where it is in the file, and declares nothing else.</summary>
    public static MemberDeclarationSyntax? Find(CompilationUnitSyntax root, ISymbol? member) =>
        member?.DeclaringSyntaxReferences.FirstOrDefault(reference => reference.SyntaxTree.FilePath == root.SyntaxTree.FilePath && root.FullSpan.Contains(reference.Span))?.Span is { } span
            ? root.FindNode(span).FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
            {
                FieldDeclarationSyntax { Declaration.Variables.Count: 1 } field => field,
                PropertyDeclarationSyntax property => property,
                _ => null,
            }
            : null;

    public static TypeSyntax TypeOf(MemberDeclarationSyntax member) => member is FieldDeclarationSyntax field ? field.Declaration.Type : ((PropertyDeclarationSyntax)member).Type;

    public static EqualsValueClauseSyntax? InitializerOf(MemberDeclarationSyntax member) => member is FieldDeclarationSyntax field ? field.Declaration.Variables[0].Initializer : ((PropertyDeclarationSyntax)member).Initializer;
}
