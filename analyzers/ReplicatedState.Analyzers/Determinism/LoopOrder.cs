using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Says whether the effects of a loop depend on the order of its elements.</summary>
internal sealed class LoopOrder
{
    private readonly HashSet<ISymbol> _own = new(SymbolEqualityComparer.Default);
    private readonly Body _body;
    private bool _accumulates;
    private bool _stopsEarly;
    private string? _why;

    private LoopOrder(IForEachLoopOperation loop, Body body)
    {
        _body = body;
        foreach (IOperation operation in loop.Descendants())
        {
            if (operation is IVariableDeclaratorOperation declarator)
                _own.Add(declarator.Symbol);
            else if (operation is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared })
                _own.Add(declared.Local);
            else if (operation is IDeclarationPatternOperation { DeclaredSymbol: { } matched })
                _own.Add(matched);
        }

        foreach (ILocalSymbol local in loop.Locals)
            _own.Add(local);
        foreach (IOperation operation in loop.Body.DescendantsAndSelf())
        {
            Visit(operation, loop);
            if (_why is not null)
                return;
        }

        if (_stopsEarly && _accumulates)
            _why = "the loop stops at the first element that fits, after others had an effect";
    }

    /// <summary>Why the order matters; null where it doesn't, as far as can be seen.</summary>
    public static string? Dependence(IForEachLoopOperation loop, Body body) => new LoopOrder(loop, body)._why;

    private void Visit(IOperation operation, IForEachLoopOperation loop)
    {
        switch (operation)
        {
            case ICompoundAssignmentOperation compound when !IsOwn(compound.Target):
                _accumulates = true;
                if (!Commutes(compound))
                    _why = $"'{compound.Syntax}' depends on it";
                break;
            case IIncrementOrDecrementOperation increment when !IsOwn(increment.Target):
                _accumulates = true;
                break;
            case ISimpleAssignmentOperation assignment when !IsOwn(assignment.Target):
                Assign(assignment);
                break;
            case IInvocationOperation call:
                Call(call);
                break;
            case IPropertyReferenceOperation { Property: { Name: "Random", ContainingType.Name: "CommandContext" } } random:
                _why = $"'{random.Syntax}' gives each element another value";
                break;
            case IReturnOperation { Kind: OperationKind.YieldReturn } yielded:
                _why = $"'{yielded.Syntax}' hands the elements on in it";
                break;
            case IReturnOperation { ReturnedValue: { } value } when IsOf(operation, loop):
                _stopsEarly = true;
                if (MentionsOwn(value))
                    _why = "the loop returns the first element that fits";
                break;
            case IReturnOperation when IsOf(operation, loop):
            case IBranchOperation { BranchKind: BranchKind.Break } branch when branch.Target is { } && IsExit(branch, loop):
                _stopsEarly = true;
                break;
            case IThrowOperation { Exception: { } thrown } when IsOf(operation, loop):
                _stopsEarly = true;
                if (MentionsOwn(thrown))
                    _why = "the loop throws for the first element that fits";
                break;
        }
    }

    private void Assign(ISimpleAssignmentOperation assignment)
    {
        IOperation value = Body.Unwrap(assignment.Value)!;
        bool keyed = assignment.Target is IPropertyReferenceOperation { Property.IsIndexer: true } indexer && IsKeyed(indexer.Instance?.Type);
        bool extremum = value is IInvocationOperation { TargetMethod: { Name: "Max" or "Min", ContainingType.Name: "Math" } };
        if (keyed || extremum)
            _accumulates = true;
        else if (assignment.Target is IArrayElementReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: true } && MentionsOwn(assignment.Target))
            _accumulates = true;
        else if (value.ConstantValue.HasValue || value is IDefaultValueOperation || !MentionsOwn(value) && !Mentions(value, assignment.Target))
            return;
        else
            _why = $"'{assignment.Target.Syntax}' ends with what the last element gave it";
    }

    private void Call(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.ContainingType?.ToMetadataName() == KnownNames.CommandContext)
        {
            _why = $"'{call.Syntax}' gives each element another value";
            return;
        }

        if (call.Instance is { } instance && (IsOwn(instance) || IsKeyed(instance.Type) || IsSortedLater(instance)))
        {
            _accumulates |= StateWrites.IsMutator(call) || method.ReturnsVoid;
            return;
        }

        bool inOrder = StateWrites.IsMutator(call) && method.Name is not "Remove" and not "RemoveAll" and not "Clear" || method.ContainingType?.ToMetadataName() == "System.Text.StringBuilder";
        if (inOrder)
            _why = $"'{method.Name}' keeps it";
        else if (method is { ReturnsVoid: true, MethodKind: MethodKind.Ordinary })
            _why = $"'{method.Name}' is called in it";
        else if (StateWrites.IsMutator(call))
            _accumulates = true;
    }

    /// <summary>Addition and multiplication of whole numbers and decimals, and logic, are the same in every order; floating-point sums, text and differences of other kinds are not.</summary>
    private static bool Commutes(ICompoundAssignmentOperation compound) => compound.OperatorKind switch
    {
        BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply => IsExact(compound.Target.Type),
        BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr or BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr => true,
        _ => false,
    };

    private static bool IsExact(ITypeSymbol? type) =>
        type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_Decimal
        || (type as INamedTypeSymbol)?.ToMetadataName() is "System.TimeSpan" or "System.Int128" or "System.UInt128" or "System.Numerics.BigInteger";

    private bool IsSortedLater(IOperation instance) => Body.Unwrap(instance) is ILocalReferenceOperation local && _body.IsSorted(local.Local);

    private static bool IsKeyed(ITypeSymbol? type) => UnorderedSources.IsHashTable(type) || UnorderedSources.IsSorted(type);

    /// <summary>Whether what is changed belongs to the element at hand: a variable of the loop, or something reached through one.</summary>
    private bool IsOwn(IOperation? operation)
    {
        while (true)
        {
            switch (Body.Unwrap(operation))
            {
                case ILocalReferenceOperation local:
                    return _own.Contains(local.Local);
                case IMemberReferenceOperation { Instance: { } instance }:
                    operation = instance;
                    break;
                case IArrayElementReferenceOperation element:
                    operation = element.ArrayReference;
                    break;
                case IDeclarationExpressionOperation or IDiscardOperation:
                    return true;
                case ITupleOperation tuple:
                    return tuple.Elements.All(IsOwn);
                default:
                    return false;
            }
        }
    }

    private bool MentionsOwn(IOperation operation) => operation.DescendantsAndSelf().Any(inner => inner is ILocalReferenceOperation local && _own.Contains(local.Local));

    private static bool Mentions(IOperation value, IOperation target) => value.DescendantsAndSelf().Any(inner => inner.Syntax.IsEquivalentTo(target.Syntax));

    /// <summary>Whether a statement belongs to the loop's own method, and not to a lambda inside of it.</summary>
    private static bool IsOf(IOperation operation, IForEachLoopOperation loop)
    {
        for (IOperation? parent = operation.Parent; parent is not null && parent != loop; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return false;
        }

        return true;
    }

    private static bool IsExit(IBranchOperation branch, IForEachLoopOperation loop) => SymbolEqualityComparer.Default.Equals(branch.Target, loop.ExitLabel);
}
