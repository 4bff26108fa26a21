using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Shape;
using ReplicatedState.Generators.Tests.Driver;
using ReplicatedState.Generators.Tests.Sources;

namespace ReplicatedState.Generators.Tests;

public sealed class InvalidSourceTests
{
    [Theory]
    [InlineData("public sealed partial class Counter", "public sealed class Counter")]
    [InlineData("public sealed partial class Counter", "public static partial class Counter")]
    [InlineData("public sealed partial class Counter", "public abstract partial class Counter")]
    [InlineData("public sealed partial class Counter", "public sealed partial class Counter<T>")]
    [InlineData("public sealed partial class Counter", "public sealed partial record Counter")]
    [InlineData("long amount = 1", "System.IO.Stream amount")]
    [InlineData("long amount = 1", "Missing amount")]
    [InlineData("long amount = 1", "ref long amount")]
    [InlineData("\"counter\"", "")]
    [InlineData("\"counter\"", "null!")]
    [InlineData("\"counter\"", "\"\"")]
    [InlineData("[Command] public long", "[Command] public async System.Threading.Tasks.Task<long>")]
    [InlineData("[Command]", "[Command] [Query]")]
    [InlineData("[Command]", "")]
    [InlineData("[Command]", "[Command(Id = -1)]")]
    [InlineData("[State]", "[State] [Transient]")]
    [InlineData("[State]", "[State(0)]")]
    [InlineData("private long _value", "private readonly System.Action _value")]
    public void An_invalid_machine_gets_no_code(string valid, string invalid)
    {
        GeneratorRun run = GeneratorRun.Of(SourceTexts.Counter.Replace(valid, invalid, StringComparison.Ordinal));

        Assert.Null(run.Result.Exception);
        Assert.Empty(run.Files);
    }

    [Theory]
    [InlineData(SourceTexts.Counter)]
    [InlineData(SourceTexts.Library)]
    public async Task Half_typed_source_crashes_neither_generator_nor_analyzers(string source)
    {
        string[] lines = source.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            // Cut at the line, and in the middle of it.
            foreach (string text in new[] { string.Join('\n', lines[..i]), string.Join('\n', [.. lines[..i], lines[i][..(lines[i].Length / 2)]]) })
            {
                GeneratorRun run = GeneratorRun.Of(text);
                Assert.Null(run.Result.Exception);
                Exception? thrown = null;
                var options = new CompilationWithAnalyzersOptions(
                    new AnalyzerOptions([]), onAnalyzerException: (error, _, _) => thrown = error, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
                await run.Output.WithAnalyzers([new MachineShapeAnalyzer(), new StrayAttributeAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
                Assert.Null(thrown);
            }
        }
    }
}
