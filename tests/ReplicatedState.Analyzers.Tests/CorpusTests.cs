using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Tests.CodeFixes;

namespace ReplicatedState.Analyzers.Tests;

/// <summary>
/// Machines as people write them, under Corpus. None may be blamed for anything; and where the line after a PLANT comment is replaced by the comment's, which holds one mistake, that mistake alone must be found, by its rule, in that line.
/// </summary>
public sealed partial class CorpusTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Corpus");

    public static TheoryData<string> Machines => [.. Directory.EnumerateFiles(Folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string, int> Mistakes
    {
        get
        {
            var mistakes = new TheoryData<string, int>();
            foreach (string machine in Directory.EnumerateFiles(Folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal))
            {
                for (int mistake = 0; mistake < Plant().Count(Read(machine)); mistake++)
                    mistakes.Add(machine, mistake);
            }

            return mistakes;
        }
    }

    [Fact]
    public void The_corpus_holds_forty_machines_and_a_mistake_in_each()
    {
        Assert.True(Machines.Count >= 40, $"There are {Machines.Count}.");
        Assert.All(Directory.EnumerateFiles(Folder, "*.cs"), static path => Assert.NotEqual(0, Plant().Count(File.ReadAllText(path).ReplaceLineEndings("\n"))));
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task A_machine_that_is_right_is_blamed_for_nothing(string machine)
    {
        Compilation compilation = Compile(Read(machine));

        Assert.Empty(await Diagnosis.AnalyzeAsync(compilation, [], Analyzers()));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_machine_with_one_mistake_is_blamed_for_it(string machine, int mistake)
    {
        Match plant = Plant().Matches(Read(machine))[mistake];
        string wrong = plant.Groups["wrong"].Value;
        Compilation compilation = Compile(Plant().Replace(Read(machine), $"${{indent}}{wrong.Replace("$", "$$", StringComparison.Ordinal)}\n", 1, plant.Index));

        Diagnostic only = Assert.Single(await Diagnosis.AnalyzeAsync(compilation, [], Analyzers()));

        Assert.Equal(plant.Groups["id"].Value, only.Id);
        int line = only.Location.GetLineSpan().StartLinePosition.Line;
        Assert.Contains(wrong, (await only.Location.SourceTree!.GetTextAsync()).Lines[line].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Whatever_an_editor_offers_for_the_mistake_compiles_and_mends_it(string machine, int mistake)
    {
        Match plant = Plant().Matches(Read(machine))[mistake];
        string source = Diagnosis.Usings + Plant().Replace(Read(machine), $"${{indent}}{plant.Groups["wrong"].Value.Replace("$", "$$", StringComparison.Ordinal)}\n", 1, plant.Index);
        string id = plant.Groups["id"].Value;
        int offered = 0;
        foreach (DiagnosticAnalyzer analyzer in Analyzers().Where(analyzer => analyzer.SupportedDiagnostics.Any(rule => rule.Id == id)))
        {
            foreach (CodeFixProvider fix in AllAnalyzers.CreateFixes().Where(fix => fix.FixableDiagnosticIds.Contains(id)))
            {
                foreach (string after in await Fixing.ApplyEachAsync(analyzer, fix, source))
                {
                    offered++;
                    Assert.DoesNotContain(await Diagnosis.AnalyzeAsync(Compile(after[Diagnosis.Usings.Length..]), [], Analyzers()), diagnostic => diagnostic.Id == id);
                }
            }
        }

        if (id is "RSM0016" or "RSM1009" or "RSM1010" or "RSM2006" or "RSM2007")
            Assert.NotEqual(0, offered);
    }

    private static DiagnosticAnalyzer[] Analyzers() => [.. AllAnalyzers.Create()];

    /// <summary>The source and what the generator adds to it, as in a project.</summary>
    private static Compilation Compile(string source)
    {
        Compilation compilation = Diagnosis.Generate(Diagnosis.Compile(source));
        Assert.DoesNotContain(compilation.GetDiagnostics(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return compilation;
    }

    private static string Read(string machine) => File.ReadAllText(Path.Combine(Folder, machine + ".cs")).ReplaceLineEndings("\n");

    [GeneratedRegex(@"(?<indent> *)// PLANT (?<id>RSM\d{4}): (?<wrong>[^\n]*)\n[^\n]*\n")]
    private static partial Regex Plant();
}
