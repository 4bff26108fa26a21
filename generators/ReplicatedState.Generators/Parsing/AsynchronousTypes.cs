using System.Linq;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Generators.Parsing;

/// <summary>Recognizes results that are promises: a command has happened when its method returns.</summary>
internal static class AsynchronousTypes
{
    public static bool Contains(ITypeSymbol type) =>
        type is INamedTypeSymbol named
        && (named.GetMembers("GetAwaiter").OfType<IMethodSymbol>().Any(static method => !method.IsStatic && method.Parameters.IsEmpty)
            || named.ToMetadataName().StartsWith("System.Collections.Generic.IAsyncEnum", System.StringComparison.Ordinal));
}
