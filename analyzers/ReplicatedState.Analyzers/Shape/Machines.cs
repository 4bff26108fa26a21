using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>Finds the classes with [ReplicatedStateMachine].</summary>
internal static class Machines
{
    /// <summary>Those that the compilation's own source declares.</summary>
    public static IEnumerable<INamedTypeSymbol> In(Compilation compilation, CancellationToken cancellation) => In(compilation.Assembly.GlobalNamespace, cancellation);

    private static IEnumerable<INamedTypeSymbol> In(INamespaceOrTypeSymbol container, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (ISymbol member in container.GetMembers())
        {
            if (member is not INamespaceOrTypeSymbol inner)
                continue;
            if (inner is INamedTypeSymbol type && type.HasAttribute(KnownNames.MachineAttribute))
                yield return type;
            foreach (INamedTypeSymbol machine in In(inner, cancellation))
                yield return machine;
        }
    }
}
