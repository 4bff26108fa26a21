using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ReplicatedState.Generators.Tests.Driver;

/// <summary>One run of the generator over source text, with every step tracked.</summary>
internal sealed class GeneratorRun
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    /// <summary>What the SDK silences too: references between assemblies of different framework versions.</summary>
    private static readonly Dictionary<string, ReportDiagnostic> UnifiedAssemblies = new() { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    /// <summary>The framework and whatever else these tests are built against, Abstractions and MessagePack among it.</summary>
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("ReplicatedState.Generators", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    private GeneratorRun(CSharpCompilation source, GeneratorDriver driver, Compilation output)
    {
        Source = source;
        Driver = driver;
        Output = output;
    }

    public CSharpCompilation Source { get; }

    public GeneratorDriver Driver { get; }

    public Compilation Output { get; }

    public GeneratorRunResult Result => Driver.GetRunResult().Results.Single();

    public IEnumerable<(string Name, string Text)> Files => Result.GeneratedSources.Select(static file => (file.HintName, file.SourceText.ToString()));

    /// <summary>Fails with everything that the compiler says about source and generated code, hints aside.</summary>
    public void CompilesSilently() => IsSilent(Output.GetDiagnostics());

    /// <summary>The output, compiled without a word from the compiler and loaded into this process.</summary>
    public System.Reflection.Assembly Load()
    {
        using var image = new MemoryStream();
        IsSilent(Output.Emit(image).Diagnostics);
        return System.Reflection.Assembly.Load(image.ToArray());
    }

    public static GeneratorRun Of(params string[] sources) => Of([], sources);

    /// <summary>A run over sources that see other assemblies besides the usual ones.</summary>
    public static GeneratorRun Of(MetadataReference[] more, params string[] sources)
    {
        var compilation = CSharpCompilation.Create(
            "Generated",
            sources.Select(static (text, i) => CSharpSyntaxTree.ParseText(text, ParseOptions, path: $"Source{i}.cs")),
            [.. References, .. more],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999, specificDiagnosticOptions: UnifiedAssemblies));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new ReplicatedStateMachineGenerator().AsSourceGenerator()],
            parseOptions: ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return Run(compilation, driver);
    }

    /// <summary>Runs again, with what the driver remembers, over changed source.</summary>
    public GeneratorRun Again(Func<CSharpCompilation, CSharpCompilation> change) => Run(change(Source), Driver);

    public static SyntaxTree Parse(string text, string path = "Other.cs") => CSharpSyntaxTree.ParseText(text, ParseOptions, path);

    private static void IsSilent(ImmutableArray<Diagnostic> diagnostics)
    {
        string complaints = string.Join('\n', diagnostics.Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        Assert.True(complaints.Length == 0, complaints);
    }

    private static GeneratorRun Run(CSharpCompilation compilation, GeneratorDriver driver)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return new GeneratorRun(compilation, driver, output);
    }
}
