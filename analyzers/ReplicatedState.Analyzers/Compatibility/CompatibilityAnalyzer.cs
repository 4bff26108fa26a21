using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Generators.Model;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Compatibility;

/// <summary>Holds machines against their contract, the lines of ReplicatedState.Shipped.txt and ReplicatedState.Unshipped.txt. Without either file it says nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CompatibilityAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that holds the lines which its fix adds, and after it those for the whole machine.</summary>
    internal const string LineProperty = "Line";

    /// <summary>See <see cref="LineProperty"/>.</summary>
    internal const string AllLinesProperty = "AllLines";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = CompatibilityRules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        if (context.Compilation.GetTypeByMetadataName(KnownNames.MachineAttribute) is null
            || ContractFiles.Read(context.Options.AdditionalFiles, context.CancellationToken) is not { } files)
            return;
        var machines = new ConcurrentDictionary<string, bool>();
        context.RegisterSymbolAction(symbol => Analyze(symbol, files, machines), SymbolKind.NamedType);
        context.RegisterAdditionalFileAction(file =>
        {
            foreach (Diagnostic defect in files.Defects.Where(defect => defect.Location.GetLineSpan().Path == file.AdditionalFile.Path))
                file.ReportDiagnostic(defect);
        });
        context.RegisterCompilationEndAction(end =>
        {
            foreach (ContractEntry entry in files.Present.Where(entry => entry.Kind == ContractKind.Machine && !machines.ContainsKey(entry.Machine)))
                end.ReportDiagnostic(Diagnostic.Create(CompatibilityRules.MachineMissing, files.LocationOf(entry), entry.Machine));
        });
    }

    private static void Analyze(SymbolAnalysisContext context, ContractFiles files, ConcurrentDictionary<string, bool> machines)
    {
        var symbol = (INamedTypeSymbol)context.Symbol;
        if (symbol.FindAttribute(KnownNames.MachineAttribute) is not { } attribute)
            return;
        if (attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0].Value is string name)
            machines[name] = true;
        if (MachineParser.Parse(symbol, context.Compilation, new DefectList(), context.CancellationToken) is { } machine)
            Compare(context, files, machine, ContractBuilder.Build(machine, symbol, context.Compilation));
    }

    private static void Compare(SymbolAnalysisContext context, ContractFiles files, MachineModel machine, IReadOnlyList<(ContractEntry Entry, ISymbol Symbol)> declared)
    {
        ISet<string> frozen = ContractBuilder.Frozen(machine);
        var identities = new HashSet<(string, ContractKind, string)>(declared.Select(static declaration => declaration.Entry.Identity));
        List<ContractEntry> gone = [.. files.Shipped.Where(entry => entry.Machine == machine.Name && !identities.Contains(entry.Identity))];
        int releasedVersion = files.FindShipped(declared[0].Entry)?.Since ?? 0;
        var unwritten = new List<(ContractEntry Entry, ISymbol Symbol)>();
        foreach ((ContractEntry entry, ISymbol symbol) in declared)
        {
            if (FindBreak(entry) is not { } found)
            {
                if (files.Find(entry)?.Line != entry.Line)
                    unwritten.Add((entry, symbol));
                continue;
            }

            context.ReportDiagnostic(Diagnostic.Create(found.Rule, symbol.FirstLocation(), found.ToProperties(releasedVersion), entry.Described, found.Word));
        }

        string all = string.Join("\n", unwritten.Select(static declaration => declaration.Entry.Line));
        foreach ((ContractEntry entry, ISymbol symbol) in unwritten)
            context.ReportDiagnostic(Diagnostic.Create(CompatibilityRules.NotInContract, symbol.FirstLocation(), Lines(entry.Line, all), entry.Described, entry.Line));
        ReportRemoved(context, files, machine, gone, identities, declared[0].Symbol);

        ContractBreak? FindBreak(ContractEntry entry)
        {
            if (files.FindRetired(entry) is { } retired)
                return new ContractBreak(CompatibilityRules.Reused, retired.Name);
            if (files.FindShipped(entry) is { } released)
                return ContractComparison.FindBreak(entry, released, releasedVersion, frozen.Contains(entry.Key));
            bool hasIdentity = entry.HasNumber;
            if (hasIdentity && gone.Find(old => old.Name == entry.Name && old.IsCall == entry.IsCall && (old.IsCall || old.Kind == entry.Kind)) is { } moved)
            {
                gone.Remove(moved);
                return new ContractBreak(CompatibilityRules.KeyMoved, moved.Key, moved.Key);
            }

            bool needsVersion = entry.Kind is ContractKind.Command or ContractKind.Event or ContractKind.State;
            return needsVersion && entry.Since <= releasedVersion ? new ContractBreak(CompatibilityRules.NeedsVersion, $"{releasedVersion}") : null;
        }
    }

    /// <summary>Types that nothing is made of any more are of no interest: what was made of them has a line of its own.</summary>
    private static void ReportRemoved(
        SymbolAnalysisContext context, ContractFiles files, MachineModel machine, List<ContractEntry> gone, HashSet<(string, ContractKind, string)> identities, ISymbol symbol)
    {
        List<ContractEntry> removed = [.. gone.Where(static entry => entry.HasNumber)];
        string all = string.Join("\n", removed.Select(static entry => entry.RetiredLine));
        foreach (ContractEntry entry in removed)
            context.ReportDiagnostic(Diagnostic.Create(CompatibilityRules.Removed, symbol.FirstLocation(), Lines(entry.RetiredLine, all), entry.Described, entry.RetiredLine));
        foreach (ContractEntry entry in files.Present.Where(entry => entry.Machine == machine.Name && files.FindShipped(entry) is null && !identities.Contains(entry.Identity)))
            context.ReportDiagnostic(Diagnostic.Create(CompatibilityRules.InvalidLine, files.LocationOf(entry), entry.Line, "the source has nothing of it, and it was never released; delete the line"));
    }

    private static ImmutableDictionary<string, string?> Lines(string line, string all) =>
        ImmutableDictionary<string, string?>.Empty.Add(LineProperty, line).Add(AllLinesProperty, all);
}
