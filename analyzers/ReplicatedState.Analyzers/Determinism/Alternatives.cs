using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Says which parts of a body can't both be executed, and which are executed repeatedly.</summary>
internal static class Alternatives
{
    /// <summary>Whether an execution that comes by one operation can't come by the other: branches of a condition, cases of a switch, and whatever follows a block that returns.</summary>
    public static bool AreExclusive(IOperation first, IOperation second)
    {
        for (IOperation below = first; below.Parent is { } parent; below = parent)
        {
            if (below is IBlockOperation { Operations: { IsEmpty: false } statements } && statements[statements.Length - 1] is IReturnOperation or IThrowOperation or IBranchOperation && !Contains(below, second))
                return true;
            if (!Contains(parent, second))
                continue;
            IOperation? other = parent.ChildOperations.FirstOrDefault(child => Contains(child, second));
            return other is not null && other != below && parent switch
            {
                IConditionalOperation conditional => below != conditional.Condition && other != conditional.Condition,
                ISwitchOperation => below is ISwitchCaseOperation && other is ISwitchCaseOperation,
                ISwitchExpressionOperation => below is ISwitchExpressionArmOperation && other is ISwitchExpressionArmOperation,
                _ => false,
            };
        }

        return false;
    }

    /// <summary>Whether an operation is repeated by a loop with the same object in a variable, which was declared outside.</summary>
    public static bool IsRepeatedFor(ISymbol variable, IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); parent = parent.Parent)
        {
            if (parent is ILoopOperation loop)
            {
                return !IsDeclaredIn(variable, loop)
                    && !loop.Descendants().Any(inner => SymbolEqualityComparer.Default.Equals(Referenced(inner), variable) && StateWrites.IsTarget(inner))
                    && !EndsAfter(operation, loop)
                    && (IsKeyless(operation) || operation.Descendants().Any(inner => Referenced(inner) is { } key && IsDeclaredIn(key, loop)));
            }
        }

        return false;
    }

    private static ISymbol? Referenced(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private static bool IsDeclaredIn(ISymbol variable, ILoopOperation loop) =>
        variable.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration && loop.Syntax.SyntaxTree == declaration.SyntaxTree && loop.Syntax.Span.Contains(declaration.Span);

    /// <summary>Whether something is added without a place of its own, as to a list.</summary>
    private static bool IsKeyless(IOperation operation) => operation is IInvocationOperation { Arguments.Length: 1 };

    private static bool EndsAfter(IOperation operation, ILoopOperation loop)
    {
        for (IOperation? parent = operation.Parent; parent is not null && parent != loop; parent = parent.Parent)
        {
            if (parent is IBlockOperation block && block.Operations[block.Operations.Length - 1] is IReturnOperation or IThrowOperation or IBranchOperation { BranchKind: BranchKind.Break })
                return true;
        }

        return false;
    }

    private static bool Contains(IOperation outer, IOperation inner) => outer.Syntax.Span.Contains(inner.Syntax.Span);
}
