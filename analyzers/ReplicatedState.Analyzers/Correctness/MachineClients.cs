using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Recognizes what calls into a replicated machine: generated clients, and what stands behind them.</summary>
internal static class MachineClients
{
    private const string GeneratedCode = "System.CodeDom.Compiler.GeneratedCodeAttribute";

    /// <summary>Whether a type is a client that the generator emitted, or its interface.</summary>
    public static bool IsGenerated(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface, IsStatic: false } named
        && named.Name.EndsWith("Client", System.StringComparison.Ordinal)
        && named.FindAttribute(GeneratedCode) is { ConstructorArguments: { Length: 2 } arguments }
        && arguments[0].Value is KnownNames.GeneratorName;

    /// <summary>Whether whoever holds an object of the type can send something into a log.</summary>
    public static bool IsWayIntoLog(ITypeSymbol? type) =>
        type is INamedTypeSymbol named
        && (IsGenerated(named)
            || named.Name is "IStateMachineChannel" or "InMemoryMachine" or "ReplicatedStateClient" or "IClusterAdmin"
                && named.ToMetadataName() is "ReplicatedState.IStateMachineChannel" or "ReplicatedState.InMemoryMachine" or "ReplicatedState.Client.ReplicatedStateClient" or "ReplicatedState.Runtime.Administration.IClusterAdmin"
            || named.TypeArguments.Any(IsWayIntoLog));
}
