using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Finds calls into a log from within a machine. A client that the machine itself holds is found where it is declared.</summary>
internal static class NestedCall
{
    public static void Inspect(IOperation operation, BodyFacts facts)
    {
        if (operation is IInvocationOperation { TargetMethod: { MethodKind: MethodKind.Ordinary } method, Instance: { } client }
            && MachineClients.IsWayIntoLog(method.ContainingType)
            && !(Body.Unwrap(client) is IMemberReferenceOperation { Member.ContainingType: { } holder } && holder.HasAttribute(KnownNames.MachineAttribute)))
        {
            facts.Add(CorrectnessRules.NestedCall, operation.Syntax);
        }
    }
}
