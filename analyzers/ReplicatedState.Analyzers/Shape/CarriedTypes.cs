using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>The types that the machines of a compilation have in arguments, results and state.</summary>
internal sealed class CarriedTypes
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public CarriedTypes(Compilation compilation, CancellationToken cancellation)
    {
        foreach (INamedTypeSymbol machine in Machines.In(compilation, cancellation))
        {
            if (MachineParser.Parse(machine, compilation, new DefectList(), cancellation) is not { } model)
                continue;
            foreach (TypeModel type in model.Types)
                _names.Add(type.TypeName);
        }
    }

    public bool Contains(INamedTypeSymbol? type) => type is not null && _names.Contains(type.ToDeclaredName());
}
