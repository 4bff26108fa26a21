using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Recognizes what changes an object: assignments, and the methods by which the collections of .NET are changed.</summary>
internal static class StateWrites
{
    private static readonly HashSet<string> Mutators = new(StringComparer.Ordinal)
    {
        "Add", "AddAfter", "AddBefore", "AddFirst", "AddLast", "AddRange", "Append", "Clear", "Dequeue", "DequeueEnqueue", "Enqueue", "EnqueueDequeue", "EnqueueRange", "EnsureCapacity",
        "ExceptWith", "GetOrAdd", "Insert", "InsertRange", "IntersectWith", "Pop", "Push", "Remove", "RemoveAll", "RemoveAt", "RemoveFirst", "RemoveLast", "RemoveRange", "RemoveWhere",
        "Reverse", "SetAt", "SetByIndex", "Sort", "SymmetricExceptWith", "TrimExcess", "TryAdd", "TryDequeue", "TryPop", "TryRemove", "TryUpdate", "UnionWith", "AddOrUpdate",
        "Set", "SetAll", "And", "Or", "Xor", "Not",
    };

    public static void Inspect(IOperation operation, Body body, BodyFacts facts)
    {
        if (MemberChangedBy(operation, body) is { } member)
            facts.Writes.Add(new StateWrite(member, operation.Syntax.GetLocation()));
    }

    /// <summary>The [State] member that an operation changes, or part of which it changes.</summary>
    public static ISymbol? MemberChangedBy(IOperation operation, Body body)
    {
        IOperation? changed = operation switch
        {
            IFieldReferenceOperation or IPropertyReferenceOperation or IArrayElementReferenceOperation when IsTarget(operation) => operation,
            IInvocationOperation invocation when IsMutator(invocation) => invocation.Instance,
            _ => null,
        };
        return changed is null ? null : MemberOf(changed, body);
    }

    /// <summary>Whether a reference is assigned, incremented, or handed out to be.</summary>
    public static bool IsTarget(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IIncrementOrDecrementOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } tuple => deconstruction.Target == tuple,
        _ => false,
    };

    /// <summary>Whether an assigned reference is read as well.</summary>
    public static bool IsReadToo(IOperation target) => target.Parent is ICompoundAssignmentOperation or ICoalesceAssignmentOperation or IIncrementOrDecrementOperation or IArgumentOperation;

    /// <summary>Whether a call changes the collection that it is made on.</summary>
    public static bool IsMutator(IInvocationOperation invocation) =>
        invocation.Instance is { Type: { IsValueType: false } type }
        && Mutators.Contains(invocation.TargetMethod.Name)
        && type.ContainingNamespace?.ToDisplayString() is { } space
        && space.StartsWith("System.Collections", StringComparison.Ordinal)
        && space != "System.Collections.Immutable";

    /// <summary>The [State] member that holds what is changed, followed through members, elements and variables; null where it is something else.</summary>
    public static ISymbol? MemberOf(IOperation? operation, Body body)
    {
        for (int steps = 0; steps < 32; steps++)
        {
            switch (Body.Unwrap(operation))
            {
                case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } member:
                    if (member.Member.HasAttribute(KnownNames.StateAttribute))
                        return member.Member;
                    operation = member.Instance;
                    break;
                case IArrayElementReferenceOperation element:
                    operation = element.ArrayReference;
                    break;
                case ILocalReferenceOperation { Local: { } local, Type.IsReferenceType: true }:
                    operation = body.ValueOf(local) ?? body.SourceOf(local);
                    break;
                case IInvocationOperation { Instance: { } instance } element when element.TargetMethod.Name is "GetValueOrDefault" or "Peek" && element.Type is { IsReferenceType: true }:
                    operation = instance;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Whether some operation below one changes state, or calls a method of the source that returns nothing and so is there for what it changes.</summary>
    public static bool AnyBelow(IOperation root) => root.Descendants().Any(static operation => operation switch
    {
        IInvocationOperation { TargetMethod: { ReturnsVoid: true, MethodKind: MethodKind.Ordinary } method } when method.Locations.Any(static location => location.IsInSource) => true,
        IInvocationOperation invocation when IsMutator(invocation) => invocation.Instance is IMemberReferenceOperation,
        IMemberReferenceOperation member => IsTarget(member),
        _ => false,
    });
}
