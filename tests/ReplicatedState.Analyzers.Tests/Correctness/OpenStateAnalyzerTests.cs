using ReplicatedState.Analyzers.Correctness;

namespace ReplicatedState.Analyzers.Tests.Correctness;

public sealed class OpenStateAnalyzerTests
{
    [Theory]
    [InlineData("[State] public int ⟦Limit⟧ { get; set; }")]
    [InlineData("[State] public int ⟦Limit⟧;")]
    [InlineData("[State] internal int ⟦Limit⟧ { get; set; }")]
    public Task State_must_not_be_open(string member) => Diagnosis.ReportsAsync(
        new OpenStateAnalyzer(),
        "RSM2007",
        "Whoever has the machine can assign the state 'Limit', on one replica and outside of the log; make its setter private, and change it by a command",
        $"[ReplicatedStateMachine(\"m\")] public sealed partial class M {{ {member} [Command] public void Do() {{ }} }}");

    [Theory]
    [InlineData("[State] public int Limit { get; private set; }")]
    [InlineData("[State] private int _limit;")]
    [InlineData("[State] int _limit;")]
    [InlineData("[State] private int Limit { get; set; }")]
    [InlineData("[State] public List<int> Limits { get; } = [];")]
    [InlineData("[State] public readonly List<int> Limits = [];")]
    [InlineData("[Transient] public int Limit { get; set; }")]
    public Task State_may_be(string member) => Diagnosis.IsSilentAsync(new OpenStateAnalyzer(), $"[ReplicatedStateMachine(\"m\")] public sealed partial class M {{ {member} [Command] public void Do() {{ }} }}");
}
