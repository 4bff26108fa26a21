using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ReplicatedState.Generators.Emit;
using ReplicatedState.Generators.Model;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Generators;

/// <summary>Adds codecs, dispatch, snapshots, manifest, JSON and typed client to every class with [ReplicatedStateMachine].</summary>
/// <remarks>It reports nothing: a machine that can't be generated gets no code, and the analyzers, on the same parser, say why.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class ReplicatedStateMachineGenerator : IIncrementalGenerator
{
    /// <summary>The tracking name of the one step between source and output.</summary>
    public const string MachinesStep = "Machines";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<MachineModel> machines = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.MachineAttribute,
                static (node, _) => node is ClassDeclarationSyntax,
                static (target, cancellation) => MachineParser.Parse(
                    (INamedTypeSymbol)target.TargetSymbol,
                    target.SemanticModel.Compilation,
                    new DefectList(),
                    cancellation))
            .Where(static machine => machine is not null)
            .Select(static (machine, _) => machine!)
            .WithTrackingName(MachinesStep);

        context.RegisterSourceOutput(machines, Emit);
    }

    private static void Emit(SourceProductionContext context, MachineModel machine)
    {
        var codecs = new CodecCalls(machine);
        Add("Dispatch", DispatchEmitter.Emit(machine, codecs));
        Add("Wire", WireEmitter.Emit(machine, codecs));
        Add("Codecs", CodecEmitter.Emit(machine, codecs));
        Add("Snapshot", SnapshotEmitter.Emit(machine, codecs));
        Add("StateHash", StateHashEmitter.Emit(machine, codecs));
        Add("Events", EventEmitter.Emit(machine, codecs));
        Add("Migration", MigrationEmitter.Emit(machine));
        Add("Manifest", ManifestEmitter.Emit(machine));
        Add("Commands", CommandsEmitter.Emit(machine, codecs));
        Add("Json", JsonEmitter.Emit(machine, codecs));
        Add("Client", ClientEmitter.Emit(machine, codecs));
        Add("InMemoryClient", InMemoryClientEmitter.Emit(machine));

        void Add(string artefact, string? source)
        {
            if (source is not null)
                context.AddSource($"{machine.HintName}.{artefact}.g.cs", source);
        }
    }
}
