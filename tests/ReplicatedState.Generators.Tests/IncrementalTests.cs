using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Tests.Driver;
using ReplicatedState.Generators.Tests.Sources;

namespace ReplicatedState.Generators.Tests;

public sealed class IncrementalTests
{
    [Fact]
    public void An_unrelated_edit_changes_no_step_and_emits_nothing_anew()
    {
        GeneratorRun first = GeneratorRun.Of(SourceTexts.Library);

        GeneratorRun second = first.Again(static compilation => compilation.AddSyntaxTrees(GeneratorRun.Parse("namespace Demo; public sealed class Unrelated { }")));

        Assert.All(
            second.Result.TrackedSteps[ReplicatedStateMachineGenerator.MachinesStep].SelectMany(static step => step.Outputs),
            static output => Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, output.Reason.ToString()));
        Assert.All(
            second.Result.TrackedOutputSteps.SelectMany(static pair => pair.Value).SelectMany(static step => step.Outputs),
            static output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Fact]
    public void An_edit_inside_a_method_body_emits_nothing_anew()
    {
        GeneratorRun first = GeneratorRun.Of(SourceTexts.Counter);

        GeneratorRun second = first.Again(compilation => compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees[0],
            GeneratorRun.Parse(SourceTexts.Counter.Replace("_value += amount", "_value += 2 * amount", StringComparison.Ordinal), "Source0.cs")));

        Assert.All(
            second.Result.TrackedOutputSteps.SelectMany(static pair => pair.Value).SelectMany(static step => step.Outputs),
            static output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Fact]
    public void A_new_command_is_emitted()
    {
        GeneratorRun first = GeneratorRun.Of(SourceTexts.Counter);

        GeneratorRun second = first.Again(compilation => compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees[0],
            GeneratorRun.Parse(SourceTexts.Counter.Replace("[Query]", "[Command] public void Reset() => _value = 0; [Query]", StringComparison.Ordinal), "Source0.cs")));

        second.CompilesSilently();
        Assert.Contains(second.Files, static file => file.Text.Contains("ResetAsync", StringComparison.Ordinal));
    }

    [Fact]
    public void The_order_of_files_and_of_members_does_not_show()
    {
        const string Head = """
            using ReplicatedState;
            using System.Collections.Generic;
            namespace Demo;
            [ReplicatedStateMachine("parts")]
            """;
        const string First = "public sealed partial class Parts { [State] private int _a; [State] private List<string> _b = []; [Command] public int A(List<long> list) => _a; [Query] public string? C(string[] x) => null; }";
        const string Second = "public sealed partial class Parts { [State] private long _d; [Command] public long B(Dictionary<int, long> map) => _d; [Query] public long D() => _d; }";
        const string Usings = "using ReplicatedState; using System.Collections.Generic; namespace Demo; ";

        GeneratorRun forward = GeneratorRun.Of(Head + First, Usings + Second);
        GeneratorRun backward = GeneratorRun.Of(Usings + Second, Head + First);

        forward.CompilesSilently();
        Assert.Equal(forward.Files, backward.Files);
    }

    [Fact]
    public void The_models_hold_on_to_no_compilation()
    {
        (WeakReference compilation, GeneratorDriver driver) = RunAndForget();

        for (int i = 0; i < 10 && compilation.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(compilation.IsAlive);
        GC.KeepAlive(driver);

        // The second run leaves the models of the first one in the driver's cache.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static (WeakReference, GeneratorDriver) RunAndForget()
        {
            GeneratorRun run = GeneratorRun.Of(SourceTexts.Library);
            GeneratorRun later = run.Again(static source => source.AddSyntaxTrees(GeneratorRun.Parse("class Later;")));
            return (new WeakReference(run.Source), later.Driver);
        }
    }

    [Fact]
    public void A_large_machine_is_generated_in_little_time()
    {
        var text = new System.Text.StringBuilder("using ReplicatedState; using System.Collections.Generic; namespace Demo; [ReplicatedStateMachine(\"large\")] public sealed partial class Large {\n");
        for (int i = 0; i < 200; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"[Command] public R{i} C{i}(R{i} value, List<R{i}> more) => value; [State] private readonly Dictionary<string, R{i}> _s{i} = [];\n");
        text.Append("}\n");
        for (int i = 0; i < 500; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"public sealed record R{i}(int A, string B, R{(i + 200 < 500 ? i + 200 : i)}? C);\n");

        GeneratorRun run = GeneratorRun.Of(text.ToString());

        Assert.Equal(10, run.Files.Count());

        // Two seconds on an idle machine; what this catches is a cost that grows with the square of the machine.
        Assert.InRange(run.Driver.GetTimingInfo().ElapsedTime, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
