using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Finds hash codes that are used as values. Those that feed another GetHashCode stay inside of hash tables.</summary>
internal static class HashCodes
{
    private const string Name = "GetHashCode";

    public static void Inspect(IInvocationOperation invocation, Body body, BodyFacts facts)
    {
        if (IsHashCode(invocation.TargetMethod) && !IsInHashCode(body.Owner))
            facts.Add(DeterminismRules.HashCode, invocation.Syntax);
    }

    /// <summary>Whether code computes a hash code itself, for which any hash code will do.</summary>
    public static bool IsInHashCode(ISymbol owner) => owner is IMethodSymbol { Name: Name } || owner is IMethodSymbol { MethodKind: MethodKind.ExplicitInterfaceImplementation } && owner.Name.EndsWith("." + Name, System.StringComparison.Ordinal);

    // System.HashCode and its like are in the table.
    private static bool IsHashCode(IMethodSymbol method) =>
        method.Name == Name && !method.IsStatic && method.ReturnType.SpecialType == SpecialType.System_Int32;
}
