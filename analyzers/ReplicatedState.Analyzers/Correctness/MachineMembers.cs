using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Follows what code uses back to the member of a machine, or the static one, that it came from.</summary>
internal static class MachineMembers
{
    /// <summary>The member that holds a value for longer than a call; null where a call made the value itself or got it as an argument.</summary>
    public static ISymbol? HolderOf(IOperation? value, Body body)
    {
        for (int steps = 0; steps < 32; steps++)
        {
            switch (Body.Unwrap(value))
            {
                case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol or IEventSymbol } member:
                    if (IsHolder(member.Member))
                        return member.Member;
                    value = member.Instance;
                    break;
                case IConditionalAccessInstanceOperation instance:
                    value = Accessed(instance);
                    break;
                case IArrayElementReferenceOperation element:
                    value = element.ArrayReference;
                    break;
                case ILocalReferenceOperation { Local: { } local }:
                    value = body.ValueOf(local) ?? body.SourceOf(local);
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>What stands before the question mark of <c>a?.b</c>.</summary>
    public static IOperation? Accessed(IConditionalAccessInstanceOperation instance)
    {
        for (IOperation? parent = instance.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IConditionalAccessOperation access && access.Operation.Syntax == instance.Syntax)
                return access.Operation;
        }

        return null;
    }

    private static bool IsHolder(ISymbol member) => member.IsStatic ? member is not IFieldSymbol { IsConst: true } : member.ContainingType.HasAttribute(KnownNames.MachineAttribute);
}
