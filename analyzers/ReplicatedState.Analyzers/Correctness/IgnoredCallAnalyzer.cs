using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>Finds calls of a generated client whose end nobody waits for. A discard says that this is meant, and is pointed out without a warning.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class IgnoredCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [CorrectnessRules.IgnoredCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.ExpressionStatement);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        IOperation statement = ((IExpressionStatementOperation)context.Operation).Operation;
        bool isDiscarded = statement is ISimpleAssignmentOperation { Target: IDiscardOperation };
        IOperation? value = isDiscarded ? ((ISimpleAssignmentOperation)statement).Value : statement;
        if (Ignored(value) is not { } call)
            return;
        DiagnosticSeverity severity = isDiscarded ? DiagnosticSeverity.Info : CorrectnessRules.IgnoredCall.DefaultSeverity;
        context.ReportDiagnostic(Diagnostic.Create(
            CorrectnessRules.IgnoredCall, call.Syntax.GetLocation(), severity, additionalLocations: null, properties: null, $"{call.TargetMethod.ContainingType.ToShortName()}.{call.TargetMethod.Name}"));
    }

    /// <summary>The client's call below what only hands its task on.</summary>
    private static IInvocationOperation? Ignored(IOperation? value)
    {
        while (true)
        {
            switch (Body.Unwrap(value))
            {
                case IConditionalAccessOperation access:
                    value = access.WhenNotNull;
                    break;
                case IInvocationOperation { TargetMethod.Name: "AsTask" or "ConfigureAwait" or "Preserve", Instance: { } instance }:
                    value = instance;
                    break;
                case IInvocationOperation call:
                    return MachineClients.IsGenerated(call.TargetMethod.ContainingType) && call.TargetMethod.Name.EndsWith("Async", System.StringComparison.Ordinal) && call.TargetMethod.ReturnType.Name == "ValueTask" ? call : null;
                default:
                    return null;
            }
        }
    }
}
