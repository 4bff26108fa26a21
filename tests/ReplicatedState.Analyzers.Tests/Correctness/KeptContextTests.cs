using ReplicatedState.Analyzers.Determinism;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class KeptContextTests
{
    private const string Head = """
        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State] private DateTimeOffset _last;
            [Transient] private CommandContext? _context;
            [Transient] private Random? _random;

        """;

    [Theory]
    [InlineData("[Command] public void Do(CommandContext context) { ⟦_context = context⟧; }")]
    [InlineData("[Command] public void Do(CommandContext context) { ⟦_random = context.Random⟧; }")]
    [InlineData("[Command] public void Do(CommandContext context) { ⟦_random ??= context.Random⟧; }")]
    [InlineData("[Command] public void Do(CommandContext context) => Keep(context); private void Keep(CommandContext context) { ⟦_context = context⟧; }")]
    public Task A_command_must_not_hold(string members) => Diagnosis.FindsAsync(new DeterminismAnalyzer(), "RSM2008", Head + members + "}");

    [Theory]
    [InlineData("[Command] public void Do(CommandContext context) { _last = context.Now; var random = context.Random; _ = random.Next(); }")]
    [InlineData("[Command] public int Do(CommandContext context) { CommandContext same; same = context; return new Rules(same).Roll(); } private sealed class Rules { private readonly CommandContext _of; public Rules(CommandContext of) { _of = of; } public int Roll() => _of.Random.Next(); }")]
    public Task A_command_may_hold(string members) => Diagnosis.IsSilentAsync(new DeterminismAnalyzer(), Head + members + "}");
}
