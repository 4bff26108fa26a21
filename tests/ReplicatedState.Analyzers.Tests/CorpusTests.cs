using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Correctness;
using ReplicatedState.Analyzers.Determinism;
using ReplicatedState.Analyzers.Shape;

namespace ReplicatedState.Analyzers.Tests;

/// <summary>
/// Machines as people write them, under Corpus. None may be blamed for anything; and where the line after a PLANT comment is replaced by the comment's, which holds one mistake, that mistake alone must be found, by its rule, in that line.
/// </summary>
public sealed partial class CorpusTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Corpus");

    public static TheoryData<string> Machines => [.. Directory.EnumerateFiles(Folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_corpus_holds_forty_machines_and_a_mistake_in_each() => Assert.True(Machines.Count >= 40, $"There are {Machines.Count}.");

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task A_machine_that_is_right_is_blamed_for_nothing(string machine)
    {
        string source = Read(machine);

        Assert.Empty(await Diagnosis.AnalyzeAsync(source, Analyzers()));
        Assert.DoesNotContain(Diagnosis.Compile(source).GetDiagnostics(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task A_machine_with_one_mistake_is_blamed_for_it(string machine)
    {
        Match plant = Plant().Match(Read(machine));
        Assert.True(plant.Success, $"{machine} has no PLANT comment.");
        string wrong = plant.Groups["wrong"].Value;
        string source = Plant().Replace(Read(machine), $"${{indent}}{wrong.Replace("$", "$$", StringComparison.Ordinal)}\n", 1);

        Diagnostic only = Assert.Single(await Diagnosis.AnalyzeAsync(source, Analyzers()));

        Assert.Equal(plant.Groups["id"].Value, only.Id);
        int line = only.Location.GetLineSpan().StartLinePosition.Line;
        Assert.Contains(wrong, (await only.Location.SourceTree!.GetTextAsync()).Lines[line].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Diagnosis.Compile(source).GetDiagnostics(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    private static DiagnosticAnalyzer[] Analyzers() => [new MachineShapeAnalyzer(), new StrayAttributeAnalyzer(), new DeterminismAnalyzer(), new ThrowAfterWriteAnalyzer()];

    private static string Read(string machine) => File.ReadAllText(Path.Combine(Folder, machine + ".cs")).ReplaceLineEndings("\n");

    [GeneratedRegex(@"(?<indent> *)// PLANT (?<id>RSM\d{4}): (?<wrong>[^\n]*)\n[^\n]*\n")]
    private static partial Regex Plant();
}
