using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>All bodies of a compilation and what they call. A call of an interface or a virtual method may reach every implementation in the source.</summary>
internal sealed class CallGraph(IReadOnlyDictionary<ISymbol, BodyFacts> bodies)
{
    private Dictionary<ISymbol, List<ISymbol>>? _implementations;

    /// <summary>Everything that roots reach, nearest first; stops at bodies that were not read.</summary>
    public IEnumerable<Reached> Reach(IEnumerable<ISymbol> roots)
    {
        var cameFrom = new Dictionary<ISymbol, ISymbol?>(SymbolEqualityComparer.Default);
        var queue = new Queue<ISymbol>();
        foreach (ISymbol root in roots)
            Visit(root, null);
        while (queue.Count > 0)
        {
            ISymbol symbol = queue.Dequeue();
            if (bodies.TryGetValue(symbol, out BodyFacts facts))
            {
                yield return new Reached(symbol, facts, cameFrom);
                foreach (ISymbol call in facts.Calls)
                    Visit(call, symbol);
            }

            foreach (ISymbol implied in Implied(symbol))
                Visit(implied, symbol);
        }

        void Visit(ISymbol symbol, ISymbol? from)
        {
            if (cameFrom.ContainsKey(symbol))
                return;
            cameFrom.Add(symbol, from);
            queue.Enqueue(symbol);
        }
    }

    /// <summary>What runs without being named: initializers and the base class of a constructor, implementations of a virtual method.</summary>
    private IEnumerable<ISymbol> Implied(ISymbol symbol)
    {
        if (symbol is not IMethodSymbol method)
            yield break;
        if (method.MethodKind == MethodKind.Constructor)
        {
            foreach (ISymbol member in method.ContainingType.GetMembers().Where(static member => !member.IsStatic && member is IFieldSymbol or IPropertySymbol))
                yield return member;
            foreach (IMethodSymbol constructor in method.ContainingType.BaseType?.OriginalDefinition.InstanceConstructors.Where(static constructor => constructor.Parameters.IsEmpty) ?? [])
                yield return constructor;
        }
        else if (method.IsAbstract || method.IsVirtual || method.IsOverride)
        {
            _implementations ??= FindImplementations();
            if (_implementations.TryGetValue(method, out List<ISymbol> implementations))
            {
                foreach (ISymbol implementation in implementations)
                    yield return implementation;
            }
        }
    }

    private Dictionary<ISymbol, List<ISymbol>> FindImplementations()
    {
        var found = new Dictionary<ISymbol, List<ISymbol>>(SymbolEqualityComparer.Default);
        IMethodSymbol[] methods = [.. bodies.Keys.OfType<IMethodSymbol>().OrderBy(static method => method.ToDisplayString(), System.StringComparer.Ordinal)];
        foreach (IMethodSymbol method in methods)
        {
            for (IMethodSymbol? overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
                Add(overridden, method);
        }

        // By type and not by method: a class with many methods and a wide interface would be asked for every pair of them.
        foreach (INamedTypeSymbol type in methods.Select(static method => method.ContainingType).Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default))
        {
            foreach (INamedTypeSymbol contract in type.AllInterfaces.Where(static contract => contract.Locations.Any(static location => location.IsInSource)))
            {
                foreach (IMethodSymbol member in contract.GetMembers().OfType<IMethodSymbol>())
                {
                    if (type.FindImplementationForInterfaceMember(member) is IMethodSymbol method && SymbolEqualityComparer.Default.Equals(method.ContainingType, type) && bodies.ContainsKey(method))
                        Add(member, method);
                }
            }
        }

        return found;

        void Add(IMethodSymbol declared, IMethodSymbol implementation)
        {
            ISymbol key = declared.OriginalDefinition;
            if (!found.TryGetValue(key, out List<ISymbol> implementations))
                found.Add(key, implementations = []);
            implementations.Add(implementation);
        }
    }

    /// <summary>Words for a way: <c>Bank.Transfer → Fees.Today</c>.</summary>
    public static string Describe(IEnumerable<ISymbol> way) => string.Join(" → ", way.Select(Name));

    private static string Name(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } => $"constructor of {symbol.ContainingType.ToShortName()}",
        IMethodSymbol { AssociatedSymbol: { } property } => $"{symbol.ContainingType.ToShortName()}.{property.Name}",
        _ => $"{symbol.ContainingType.ToShortName()}.{symbol.Name}",
    };
}

/// <summary>A body that a root reaches.</summary>
internal readonly struct Reached(ISymbol body, BodyFacts facts, IReadOnlyDictionary<ISymbol, ISymbol?> cameFrom)
{
    public ISymbol Body => body;

    public BodyFacts Facts => facts;

    /// <summary>Words for the shortest way from a root. Put together only for a finding: ways may be long, and most bodies have none.</summary>
    public string DescribeWay()
    {
        var way = new List<ISymbol>();
        for (ISymbol? step = body; step is not null; step = cameFrom[step])
            way.Add(step);
        way.Reverse();
        return CallGraph.Describe(way);
    }
}
