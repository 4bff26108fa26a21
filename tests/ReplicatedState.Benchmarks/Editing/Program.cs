using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Shape;
using ReplicatedState.Generators;

// How long the generator and the analyzers take over one large machine: [commands] [types] [rounds].
int commands = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
int types = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 500;
int rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;

var options = new CSharpParseOptions(LanguageVersion.CSharp14);
ImmutableArray<MetadataReference> references =
    [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path))];
SyntaxTree other = CSharpSyntaxTree.ParseText("namespace Demo; public static class Other { }", options);
CSharpCompilation compilation = CSharpCompilation.Create(
    "Large", [CSharpSyntaxTree.ParseText(Source(commands, types, 0), options, "Large.cs"), other], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
GeneratorDriver driver = CSharpGeneratorDriver.Create([new ReplicatedStateMachineGenerator().AsSourceGenerator()], parseOptions: options);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one machine of {commands} commands and {commands} state members, {types} types"));
for (int round = 0; round < rounds; round++)
{
    // A keystroke in the machine: all of it is parsed and emitted again.
    compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], CSharpSyntaxTree.ParseText(Source(commands, types, round + 1), options, "Large.cs"));
    TimeSpan machine = Generate(out Compilation output);

    // A keystroke elsewhere.
    SyntaxTree typed = CSharpSyntaxTree.ParseText($"namespace Demo; public static class Other {{ private static int _a{round}; }}", options);
    compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], typed);
    TimeSpan elsewhere = Generate(out _);

    DiagnosticAnalyzer[] analyzers = [.. typeof(MachineShapeAnalyzer).Assembly.GetTypes()
        .Where(static type => !type.IsAbstract && typeof(DiagnosticAnalyzer).IsAssignableFrom(type) && !typeof(DiagnosticSuppressor).IsAssignableFrom(type)).OrderBy(static type => type.Name, StringComparer.Ordinal)
        .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];
    long began = Stopwatch.GetTimestamp();
    _ = output.Clone().GetDiagnostics();
    TimeSpan compiler = Stopwatch.GetElapsedTime(began);
    began = Stopwatch.GetTimestamp();
    ImmutableArray<Diagnostic> found = await output.WithAnalyzers([.. analyzers]).GetAnalyzerDiagnosticsAsync();
    TimeSpan analysis = Stopwatch.GetElapsedTime(began);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"round {round + 1}: generated {output.SyntaxTrees.Count() - 2} files in {machine.TotalMilliseconds:F0} ms, after a keystroke elsewhere in {elsewhere.TotalMilliseconds:F1} ms; {analyzers.Length} analyzers, {found.Length} findings, {analysis.TotalMilliseconds:F0} ms (the compiler alone: {compiler.TotalMilliseconds:F0} ms)"));
}

TimeSpan Generate(out Compilation output)
{
    driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out output, out _);
    return driver.GetTimingInfo().GeneratorTimes[0].ElapsedTime;
}

static string Source(int commands, int types, int edition)
{
    var text = new StringBuilder("using ReplicatedState; using System.Collections.Generic; namespace Demo; [ReplicatedStateMachine(\"large\")] public sealed partial class Large {\n");
    text.Append(CultureInfo.InvariantCulture, $"[Query] public int Edition{edition}() => {edition};\n");
    for (int i = 0; i < commands; i++)
        text.Append(CultureInfo.InvariantCulture, $"[Command] public R{i} C{i}(R{i} value, List<R{i}> more) {{ _s{i}[value.B] = value; foreach (R{i} one in more) _s{i}[one.B] = one; return value; }} [State] private readonly Dictionary<string, R{i}> _s{i} = [];\n");
    text.Append("}\n");
    for (int i = 0; i < types; i++)
        text.Append(CultureInfo.InvariantCulture, $"public sealed record R{i}(int A, string B, R{(i + commands < types ? i + commands : i)}? C);\n");
    return text.ToString();
}
