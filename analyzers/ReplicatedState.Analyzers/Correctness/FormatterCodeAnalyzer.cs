using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Analyzers.Shape;
using ReplicatedState.Generators.Model;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Correctness;

/// <summary>
/// Finds formatters of machines that make code at run time by MessagePack, which says nothing of it to the SDK's own analyzer; what the framework makes code by, that one reports (IL3050). Works only in projects for
/// native executables, in which the SDK has that analyzer run.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FormatterCodeAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property that PublishAot and IsAotCompatible imply; the SDK tells analyzers of it.</summary>
    private const string NativeProject = "build_property.EnableAotAnalyzer";

    private static readonly string[] MakersOfCode = ["Dynamic", "Standard", "Contractless", "Typeless"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [CorrectnessRules.CodeAtRunTime];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        if (!context.Options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue(NativeProject, out string? native) || !string.Equals(native, "true", StringComparison.OrdinalIgnoreCase))
            return;
        HashSet<string> formatters = FormattersIn(context.Compilation, context.CancellationToken);
        if (formatters.Count == 0)
            return;
        context.RegisterOperationAction(
            operation =>
            {
                if (MadeBy(operation.Operation) is { } maker && IsFormatter(operation.ContainingSymbol, formatters))
                    operation.ReportDiagnostic(Diagnostic.Create(CorrectnessRules.CodeAtRunTime, operation.Operation.Syntax.GetLocation(), maker));
            },
            OperationKind.Invocation,
            OperationKind.PropertyReference,
            OperationKind.FieldReference);
    }

    /// <summary>What a use of MessagePack makes code by; null for every other operation.</summary>
    private static string? MadeBy(IOperation operation)
    {
        ISymbol? used = operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IMemberReferenceOperation reference => reference.Member,
            _ => null,
        };
        if (used is not { IsStatic: true, ContainingType: { } type })
            return null;
        bool makesCode = type.ToMetadataName() switch
        {
            "MessagePack.MessagePackSerializer" => operation is IInvocationOperation call && IsWithoutOptions(call) || used.Name == "DefaultOptions",
            _ when type is { Name: "Typeless", ContainingType: { } outer } => outer.ToMetadataName() == "MessagePack.MessagePackSerializer",
            _ => type.Name.EndsWith("Resolver", StringComparison.Ordinal) && type.ContainingNamespace.ToDisplayString() == "MessagePack.Resolvers" && MakersOfCode.Any(start => type.Name.StartsWith(start, StringComparison.Ordinal)),
        };
        return makesCode ? $"{type.ToShortName()}.{used.Name}" : null;
    }

    /// <summary>Whether a call of the serializer takes its default options, which make code for what they don't know; those that a formatter is given don't.</summary>
    private static bool IsWithoutOptions(IInvocationOperation call) =>
        (call.TargetMethod.Name.StartsWith("Serialize", StringComparison.Ordinal) || call.TargetMethod.Name.StartsWith("Deserialize", StringComparison.Ordinal))
        && call.Arguments.All(static argument => argument.Parameter?.Type.Name != "MessagePackSerializerOptions" || argument.Value.ConstantValue is { HasValue: true, Value: null });

    /// <summary>The formatters that machines use, as the generated code gets them.</summary>
    private static HashSet<string> FormattersIn(Compilation compilation, CancellationToken cancellation)
    {
        var formatters = new HashSet<string>(StringComparer.Ordinal);
        foreach (INamedTypeSymbol machine in Machines.In(compilation, cancellation))
        {
            foreach (TypeModel type in MachineParser.Parse(machine, compilation, new DefectList(), cancellation)?.Types ?? [])
            {
                if (type.Shape == TypeShape.Custom)
                    formatters.Add(WithoutArguments(type.Formatter));
            }
        }

        return formatters;
    }

    /// <summary>Whether a body is of a formatter, or of a class inside of it.</summary>
    private static bool IsFormatter(ISymbol owner, HashSet<string> formatters)
    {
        for (INamedTypeSymbol? type = owner.ContainingType; type is not null; type = type.ContainingType)
        {
            string name = WithoutArguments(type.ToDeclaredName());
            if (formatters.Contains($"{name}.Instance") || formatters.Contains($"new {name}()"))
                return true;
        }

        return false;
    }

    /// <summary>The name of a generic type without its arguments, whatever stands around it.</summary>
    private static string WithoutArguments(string name)
    {
        int first = name.IndexOf('<');
        return first < 0 ? name : name.Remove(first, name.LastIndexOf('>') + 1 - first);
    }
}
