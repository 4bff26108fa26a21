using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ReplicatedState.Generators;

namespace ReplicatedState.Analyzers.Tests;

/// <summary>Runs an analyzer over source in which <c>⟦…⟧</c> marks where it must report, and nowhere else.</summary>
internal static class Diagnosis
{
    internal const string Usings = "using System; using System.Collections.Generic; using System.Globalization; using System.IO; using System.Linq; using System.Text; using System.Threading; using System.Threading.Tasks; using MessagePack; using ReplicatedState;\n";

    internal static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    internal static readonly CSharpCompilationOptions CompilationOptions =
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true);

    internal static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !IsOfTests(Path.GetFileName(path)))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    // What is analyzed is no test, unless it says so.
    private static bool IsOfTests(string file) =>
        file.StartsWith("ReplicatedState.Analyzers", StringComparison.Ordinal) || file.StartsWith("ReplicatedState.Generators", StringComparison.Ordinal) || file.StartsWith("xunit", StringComparison.Ordinal);

    /// <summary>Asserts the rule at every mark, and its message.</summary>
    public static async Task ReportsAsync(DiagnosticAnalyzer analyzer, string id, string message, string marked)
    {
        (string text, List<TextSpan> spans) = Unmark(Usings + marked);
        List<Diagnostic> found = [.. (await AnalyzeAsync(text[Usings.Length..], analyzer)).OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start)];

        Assert.NotEmpty(spans);
        Assert.Equal(
            string.Join('\n', spans.Select(span => $"{message}\n\t{id} at {text.Substring(span.Start, span.Length)}")),
            string.Join('\n', found.Select(diagnostic => $"{diagnostic.GetMessage(null)}\n\t{diagnostic.Id} at {text.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}")));
        Assert.Equal(spans, found.Select(static diagnostic => diagnostic.Location.SourceSpan));
    }

    /// <summary>Asserts the rule at every mark, and no other finding.</summary>
    public static Task FindsAsync(DiagnosticAnalyzer analyzer, string id, string marked) => FindsAsync(analyzer, id, marked, static compilation => compilation);

    /// <summary>The same where the source uses what the generator adds.</summary>
    public static Task FindsWithClientsAsync(DiagnosticAnalyzer analyzer, string id, string marked) => FindsAsync(analyzer, id, marked, Generate);

    /// <summary>Asserts that there is nothing to report where the source uses what the generator adds.</summary>
    public static async Task IsSilentWithClientsAsync(DiagnosticAnalyzer analyzer, string source)
    {
        Compilation compilation = Generate(Compile(source));
        Assert.DoesNotContain(compilation.GetDiagnostics(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(await AnalyzeAsync(compilation, [], analyzer));
    }

    private static async Task FindsAsync(DiagnosticAnalyzer analyzer, string id, string marked, Func<CSharpCompilation, Compilation> prepare)
    {
        (string text, List<TextSpan> spans) = Unmark(Usings + marked);
        Compilation compilation = prepare(Compile(text[Usings.Length..]));
        IEnumerable<Diagnostic> found = (await AnalyzeAsync(compilation, [], analyzer)).OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start);

        Assert.DoesNotContain(compilation.GetDiagnostics(), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.NotEmpty(spans);
        Assert.Equal(
            string.Join('\n', spans.Select(span => $"{id} at {text.Substring(span.Start, span.Length)}")),
            string.Join('\n', found.Select(diagnostic => $"{diagnostic.Id} at {text.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}")));
    }

    /// <summary>Asserts that there is nothing to report.</summary>
    public static async Task IsSilentAsync(DiagnosticAnalyzer analyzer, string source) =>
        Assert.Empty(await AnalyzeAsync(source, analyzer));

    /// <summary>What several analyzers and suppressors together say, suppressed diagnostics included.</summary>
    public static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(string source, params DiagnosticAnalyzer[] analyzers) => AnalyzeAsync([source], [], analyzers);

    /// <summary>What analyzers say about several files, with additional files beside them.</summary>
    public static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(string[] sources, AdditionalText[] files, params DiagnosticAnalyzer[] analyzers) => AnalyzeAsync(Compile(sources), files, analyzers);

    /// <summary>What analyzers say about a compilation.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation, AdditionalText[] files, params DiagnosticAnalyzer[] analyzers)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([.. files]), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: true);
        return await compilation.WithAnalyzers([.. analyzers], options).GetAnalyzerDiagnosticsAsync();
    }

    /// <summary>Sources as one assembly, with the usual directives before each.</summary>
    public static CSharpCompilation Compile(params string[] sources) =>
        CSharpCompilation.Create("Analyzed", sources.Select((source, i) => CSharpSyntaxTree.ParseText(Usings + source, ParseOptions, $"File{i}.cs")), References, CompilationOptions);

    /// <summary>The same with what the generator adds: clients, codecs, the other half of each machine.</summary>
    public static Compilation Generate(CSharpCompilation compilation)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new ReplicatedStateMachineGenerator().AsSourceGenerator()], parseOptions: ParseOptions);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        return generated;
    }

    private static (string Text, List<TextSpan> Spans) Unmark(string marked)
    {
        var spans = new List<TextSpan>();
        string text = marked;
        for (int start = text.IndexOf('⟦', StringComparison.Ordinal); start >= 0; start = text.IndexOf('⟦', StringComparison.Ordinal))
        {
            int end = text.IndexOf('⟧', StringComparison.Ordinal) - 1;
            text = text.Remove(start, 1).Remove(end, 1);
            spans.Add(TextSpan.FromBounds(start, end));
        }

        return (text, spans);
    }
}
