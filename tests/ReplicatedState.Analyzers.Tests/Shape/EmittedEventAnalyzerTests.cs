using ReplicatedState.Analyzers.Shape;
using ReplicatedState.Analyzers.Tests.CodeFixes;
using ReplicatedState.CodeFixes.Shape;

namespace ReplicatedState.Analyzers.Tests.Shape;

public sealed class EmittedEventAnalyzerTests
{
    private const string Types = """
        public sealed record Sold(string Name);
        public sealed record Sent(string Name);
        [MessagePack.Union(0, typeof(Opened))] public interface IChange;
        public sealed record Opened(int A) : IChange;

        """;

    [Theory]
    [InlineData("[Emits<Sold>]", "⟦context.Emit(new Sent(\"a\"))⟧;", "Sent", "Sold")]
    [InlineData("", "⟦context.Emit(5)⟧;", "int", "nothing so far")]
    [InlineData("[Emits<IChange>, Emits<Sold>]", "⟦context.Emit(new Sent(\"a\"))⟧;", "Sent", "IChange, Sold")]
    [InlineData("[Emits<Sold>]", "Tell(context); } private void Tell(CommandContext context) { ⟦context.Emit<Sent>(new(\"a\"))⟧;", "Sent", "Sold")]
    public Task RSM0022_an_event_that_the_machine_does_not_declare_is_refused(string attributes, string body, string type, string declared) => Diagnosis.ReportsAsync(
        new EmittedEventAnalyzer(), "RSM0022", $"'Shop' emits {type} and doesn't declare it; write [Emits<{type}>] on the class, or emit what it declares: {declared}", Machine(attributes, body));

    [Theory]
    [InlineData("[Emits<Sold>]", "context.Emit(new Sold(\"a\"));")]
    [InlineData("[Emits<IChange>]", "context.Emit(new Opened(1)); context.Emit<IChange>(new Opened(2));")]
    [InlineData("[Emits<Opened>]", "IChange change = new Opened(1); context.Emit(change);")]
    [InlineData("[Emits<int>]", "context.Emit(1);")]
    [InlineData("[Emits<Unknown>]", "context.Emit(1);")]
    public Task What_is_declared_or_may_be_is_left_alone(string attributes, string body) => Diagnosis.IsSilentAsync(new EmittedEventAnalyzer(), Machine(attributes, body));

    [Fact]
    public async Task The_fix_declares_the_event()
    {
        string fixedSource = await Fixing.ApplyAsync(new EmittedEventAnalyzer(), new DeclareEventFix(), "using ReplicatedState;\n" + Machine("", "context.Emit(new Sold(\"a\"));"));
        Assert.Equal("using ReplicatedState;\n" + Machine("[Emits<Sold>]", "context.Emit(new Sold(\"a\"));"), fixedSource);
    }

    private static string Machine(string attributes, string body) =>
        $"{Types}[ReplicatedStateMachine(\"shop\")]\n{(attributes.Length == 0 ? "" : attributes + "\n")}public sealed partial class Shop {{ [Command] public void Do(CommandContext context) {{ {body} }} }}";
}
