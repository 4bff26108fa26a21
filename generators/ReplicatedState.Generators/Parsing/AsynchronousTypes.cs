using System.Linq;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Generators.Parsing;

/// <summary>Recognizes results that are promises: a command has happened when its method returns.</summary>
internal static class AsynchronousTypes
{
    /// <summary>The type of the items where the type is IAsyncEnumerable&lt;T&gt; itself, which a query may give; null for everything else.</summary>
    public static ITypeSymbol? ItemOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Interface } named && named.ToMetadataName() == KnownNames.AsyncEnumerable ? named.TypeArguments[0] : null;

    public static bool Contains(ITypeSymbol type) =>
        type is INamedTypeSymbol named
        && (named.GetMembers("GetAwaiter").OfType<IMethodSymbol>().Any(static method => !method.IsStatic && method.Parameters.IsEmpty)
            || named.ToMetadataName().StartsWith("System.Collections.Generic.IAsyncEnum", System.StringComparison.Ordinal));
}
