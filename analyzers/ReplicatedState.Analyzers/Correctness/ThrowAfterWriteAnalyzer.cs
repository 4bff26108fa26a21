using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Finds commands that change the state and then refuse: nothing takes the change back.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ThrowAfterWriteAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [CorrectnessRules.ThrowAfterWrite];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationBlockAction(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        if (!context.OwningSymbol.HasAttribute(KnownNames.CommandAttribute))
            return;
        foreach (IOperation block in context.OperationBlocks.Where(static block => block.Kind != OperationKind.Attribute))
        {
            var body = new Body(context.OwningSymbol, block);
            var writes = new List<(IOperation Operation, ISymbol Member)>();
            foreach (IOperation operation in block.DescendantsAndSelf())
            {
                if (StateWrites.MemberChangedBy(operation, body) is { } member)
                    writes.Add((operation.Parent is IAssignmentOperation assignment ? assignment : operation, member));
                else if (operation is IThrowOperation { Exception: not null } thrown && writes.FirstOrDefault(write => Precedes(write.Operation, thrown)) is { Member: { } changed })
                    context.ReportDiagnostic(Diagnostic.Create(CorrectnessRules.ThrowAfterWrite, thrown.Syntax.GetLocation(), changed.Name));
            }
        }
    }

    /// <summary>Whether a write has happened on every way to a throw: it ended before, in a block around the throw, and isn't the question whose answer leads to the throw (if (!set.Add(x)) throw …).</summary>
    private static bool Precedes(IOperation write, IThrowOperation thrown)
    {
        if (write.Syntax.Span.End > thrown.Syntax.SpanStart || IsAsked(write))
            return false;
        for (IOperation? parent = write.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return false;
            if (parent is IBlockOperation or ISwitchCaseOperation)
                return parent.Syntax.Span.Contains(thrown.Syntax.Span);
        }

        return false;
    }

    private static bool IsAsked(IOperation write)
    {
        for (IOperation step = write; step.Parent is { } parent; step = parent)
        {
            if (parent is IConditionalOperation conditional)
                return conditional.Condition == step;
            if (parent is IBlockOperation or ICoalesceOperation or ISwitchExpressionOperation or IIsPatternOperation)
                return parent is not IBlockOperation;
        }

        return false;
    }
}
