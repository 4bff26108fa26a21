using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ReplicatedState.Analyzers.Correctness;
using ReplicatedState.Analyzers.Shape;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>
/// Refuses what can make replicas differ in everything that a command or the constructor of a machine reaches, and writes, waiting and calls into a log in what a query reaches. Bodies are read one by one as they are compiled; hazards in a command itself are reported at once, so that an
/// editor shows them while one types, and those that it reaches through other methods when all bodies were read.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeterminismAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The file in which a project bans or allows symbols inside of its machines.</summary>
    public const string ProjectFile = "ReplicatedState.BannedSymbols.txt";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. DeterminismRules.All, CorrectnessRules.QueryWrites, CorrectnessRules.NestedCall, CorrectnessRules.Callback, CorrectnessRules.KeptContext, CorrectnessRules.WaitingQuery];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        // Bodies are read of all types, because a command may reach any; where there are no commands, of none.
        if (context.Compilation.GetTypeByMetadataName(KnownNames.MachineAttribute) is null || !Machines.In(context.Compilation, context.CancellationToken).Any())
            return;
        var bodies = new ConcurrentDictionary<ISymbol, BodyFacts>(SymbolEqualityComparer.Default);
        var reader = new BodyReader(HazardousSymbols.OfProject(ProjectLines(context.Options, context.CancellationToken)));

        context.RegisterOperationBlockAction(block =>
        {
            BodyFacts facts = reader.Read(block.OwningSymbol, block.OperationBlocks.Where(static operation => operation.Kind != OperationKind.Attribute));
            bodies[block.OwningSymbol] = facts;
            if (WaitingQuery.IsPaged(block.OwningSymbol))
            {
                foreach (Hazard wait in facts.Waits)
                    block.ReportDiagnostic(wait.ToDiagnostic(CallGraph.Describe([block.OwningSymbol])));
            }

            if (!IsRoot(block.OwningSymbol))
                return;
            foreach (Hazard hazard in facts.Hazards)
                block.ReportDiagnostic(hazard.ToDiagnostic(CallGraph.Describe([block.OwningSymbol])));
        });
        context.RegisterCompilationEndAction(end =>
        {
            INamedTypeSymbol[] machines =
                [.. Machines.In(end.Compilation, end.CancellationToken).OrderBy(static machine => machine.ToDisplayString(), StringComparer.Ordinal)];
            var graph = new CallGraph(bodies);
            ReportHazards(end, graph, machines);
            ReportWrites(end, graph, machines);
            ReportWaits(end, graph, machines);
        });
    }

    private static void ReportHazards(CompilationAnalysisContext context, CallGraph graph, INamedTypeSymbol[] machines)
    {
        IEnumerable<ISymbol> roots = machines.SelectMany(static machine => machine.GetMembers().Where(static member => IsRoot(member) || member is IMethodSymbol { MethodKind: MethodKind.Constructor }));
        var calling = new HashSet<Hazard>();
        foreach (Reached reached in graph.Reach(roots))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            calling.UnionWith(reached.Facts.Hazards.Where(IsNestedCall));
            if (IsRoot(reached.Body))
                continue;
            foreach (Hazard hazard in reached.Facts.Hazards)
                context.ReportDiagnostic(hazard.ToDiagnostic(reached.DescribeWay()));
        }

        // A query may do what differs between replicas, but not wait for a log.
        foreach (Reached reached in graph.Reach(Queries(machines)))
        {
            foreach (Hazard hazard in reached.Facts.Hazards.Where(hazard => IsNestedCall(hazard) && !calling.Contains(hazard)))
                context.ReportDiagnostic(hazard.ToDiagnostic(reached.DescribeWay()));
        }
    }

    private static void ReportWrites(CompilationAnalysisContext context, CallGraph graph, INamedTypeSymbol[] machines)
    {
        foreach (Reached reached in graph.Reach(Queries(machines)))
        {
            foreach (StateWrite write in reached.Facts.Writes.Where(static write => write.Member.ContainingType.HasAttribute(KnownNames.MachineAttribute)))
                context.ReportDiagnostic(Diagnostic.Create(CorrectnessRules.QueryWrites, write.Location, write.Member.Name, reached.DescribeWay()));
        }
    }

    private static void ReportWaits(CompilationAnalysisContext context, CallGraph graph, INamedTypeSymbol[] machines)
    {
        foreach (Reached reached in graph.Reach(Queries(machines).Where(WaitingQuery.IsPaged)).Where(static reached => !WaitingQuery.IsPaged(reached.Body)))
        {
            foreach (Hazard wait in reached.Facts.Waits)
                context.ReportDiagnostic(wait.ToDiagnostic(reached.DescribeWay()));
        }
    }

    private static bool IsNestedCall(Hazard hazard) => hazard.Rule == CorrectnessRules.NestedCall;

    private static IEnumerable<ISymbol> Queries(INamedTypeSymbol[] machines) =>
        machines.SelectMany(static machine => machine.GetMembers().Where(static member => member.HasAttribute(KnownNames.QueryAttribute)));

    /// <summary>Whether every replica runs a body whatever else there is: commands, migrations, constructors, and what initializes the state.</summary>
    private static bool IsRoot(ISymbol symbol) => symbol.ContainingType is { } type && type.HasAttribute(KnownNames.MachineAttribute) && symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor, IsImplicitlyDeclared: false } => true,
        IMethodSymbol method => method.HasAttribute(KnownNames.CommandAttribute) || method.HasAttribute(KnownNames.MigrateAttribute),
        IFieldSymbol or IPropertySymbol => !symbol.IsStatic,
        _ => false,
    };

    private static IEnumerable<string> ProjectLines(AnalyzerOptions options, CancellationToken cancellationToken)
    {
        foreach (AdditionalText file in options.AdditionalFiles)
        {
            if (Path.GetFileName(file.Path) == ProjectFile && file.GetText(cancellationToken) is { } text)
            {
                foreach (TextLine line in text.Lines)
                    yield return line.ToString();
            }
        }
    }
}
