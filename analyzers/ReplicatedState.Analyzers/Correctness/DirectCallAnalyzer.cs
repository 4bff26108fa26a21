using System;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>
/// Finds calls of commands and queries on an object of the machine. Where the object was injected, the author takes it for the replicated one: a warning. A machine that the same type made itself is its own affair, and so are tests.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DirectCallAnalyzer : DiagnosticAnalyzer
{
    private static readonly string[] TestFrameworks = ["xunit.core", "xunit.v3.core", "nunit.framework", "MSTest.TestFramework", "Microsoft.VisualStudio.TestPlatform.TestFramework", "TUnit.Core"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [CorrectnessRules.DirectCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(KnownNames.MachineAttribute) is not null && !start.Compilation.ReferencedAssemblyNames.Any(static name => TestFrameworks.Contains(name.Name, StringComparer.OrdinalIgnoreCase)))
                start.RegisterSymbolStartAction(StartType, SymbolKind.NamedType);
        });
    }

    private static void StartType(SymbolStartAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var calls = new ConcurrentBag<(IOperation Place, IMethodSymbol Method, IOperation? Receiver)>();
        var origins = new MachineOrigins();
        context.RegisterOperationAction(
            operation =>
            {
                if (!SymbolEqualityComparer.Default.Equals(operation.ContainingSymbol.ContainingType, type))
                    return;
                switch (operation.Operation)
                {
                    case IInvocationOperation { Instance: not null and not IInstanceReferenceOperation } call when IsCall(call.TargetMethod):
                        calls.Add((call, call.TargetMethod, call.Instance));
                        break;
                    case IMethodReferenceOperation { Instance: not null and not IInstanceReferenceOperation } reference when IsCall(reference.Method):
                        calls.Add((reference, reference.Method, reference.Instance));
                        break;
                    case ISimpleAssignmentOperation assignment:
                        origins.Note(assignment);
                        break;
                    case IFieldInitializerOperation or IPropertyInitializerOperation:
                        origins.Note((ISymbolInitializerOperation)operation.Operation);
                        break;
                }
            },
            OperationKind.Invocation,
            OperationKind.MethodReference,
            OperationKind.SimpleAssignment,
            OperationKind.FieldInitializer,
            OperationKind.PropertyInitializer);
        context.RegisterSymbolEndAction(end =>
        {
            foreach ((IOperation place, IMethodSymbol method, IOperation? receiver) in calls)
            {
                if (origins.Of(receiver) is var origin && origin != MachineOrigin.Own)
                    end.ReportDiagnostic(Report(place, method, origin));
            }
        });
    }

    private static bool IsCall(IMethodSymbol method) =>
        method.ContainingType.HasAttribute(KnownNames.MachineAttribute) && (method.HasAttribute(KnownNames.CommandAttribute) || method.HasAttribute(KnownNames.QueryAttribute));

    private static Diagnostic Report(IOperation place, IMethodSymbol method, MachineOrigin origin)
    {
        string consequence = method.HasAttribute(KnownNames.CommandAttribute)
            ? "no log holds the call, and no other node learns of it"
            : "the answer is this object's, whatever the cluster has agreed on";
        return Diagnostic.Create(
            CorrectnessRules.DirectCall,
            place.Syntax.GetLocation(),
            origin == MachineOrigin.Injected ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
            additionalLocations: null,
            properties: null,
            $"{method.ContainingType.Name}.{method.Name}",
            consequence,
            $"I{method.ContainingType.Name}Client");
    }
}
