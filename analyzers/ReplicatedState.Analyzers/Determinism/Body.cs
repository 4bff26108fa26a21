using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>One block of a member, and what its local variables are.</summary>
internal sealed class Body
{
    private readonly Dictionary<ILocalSymbol, IOperation> _values = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ILocalSymbol, IOperation> _sources = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ILocalSymbol> _sorted = new(SymbolEqualityComparer.Default);

    public Body(ISymbol owner, IOperation block)
    {
        Owner = owner;
        Block = block;
        var assigned = new HashSet<ILocalSymbol>(SymbolEqualityComparer.Default);
        foreach (IOperation operation in block.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation { Symbol: { } local } declarator when declarator.GetVariableInitializer()?.Value is { } value:
                    _values[local] = value;
                    break;
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target }:
                    assigned.Add(target.Local);
                    break;
                case IForEachLoopOperation loop:
                    foreach (ILocalSymbol element in loop.Locals)
                        _sources[element] = loop.Collection;
                    break;
                case IInvocationOperation { Instance: { } asked } call:
                    foreach (IArgumentOperation argument in call.Arguments)
                    {
                        if (argument.Value is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation given })
                            _sources[given.Local] = asked;
                    }

                    NoteSort(call);
                    break;
                case IInvocationOperation call:
                    NoteSort(call);
                    break;
            }
        }

        // A variable that gets another value later is not followed.
        foreach (ILocalSymbol local in assigned)
            _values.Remove(local);
    }

    /// <summary>The method, accessor, or initialized member.</summary>
    public ISymbol Owner { get; }

    public IOperation Block { get; }

    /// <summary>What a variable holds, where it is given its only value at its declaration.</summary>
    public IOperation? ValueOf(ILocalSymbol local) => _values.TryGetValue(local, out IOperation? value) ? value : null;

    /// <summary>What a variable of a loop, or one that a call such as TryGetValue fills, was taken from.</summary>
    public IOperation? SourceOf(ILocalSymbol local) => _sources.TryGetValue(local, out IOperation? source) ? source : null;

    /// <summary>Whether the body sorts what a variable holds.</summary>
    public bool IsSorted(ILocalSymbol local) => _sorted.Contains(local);

    /// <summary>An operation without the conversions and parentheses around it.</summary>
    public static IOperation? Unwrap(IOperation? operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    private void NoteSort(IInvocationOperation call)
    {
        if (call.TargetMethod.Name == "Sort" && Unwrap(call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is ILocalReferenceOperation sorted)
            _sorted.Add(sorted.Local);
    }
}
