using ReplicatedState.Analyzers.Shape;

namespace ReplicatedState.Analyzers.Tests.Shape;

public sealed class StrayAttributeAnalyzerTests
{
    [Theory]
    [InlineData("public class Shop { [⟦Command⟧] public void Do() { } }", "Command")]
    [InlineData("public class Shop { [⟦Query⟧] public int Get() => 1; }", "Query")]
    [InlineData("public class Shop { [⟦State(1)⟧] public int A; }", "State")]
    [InlineData("public class Shop { [⟦Transient⟧] public int A { get; set; } }", "Transient")]
    [InlineData("[⟦Emits<int>⟧] public class Shop { }", "Emits")]
    [InlineData("[⟦RetiredState(\"a\")⟧] public class Shop { }", "RetiredState")]
    public Task RSM0018_an_attribute_outside_of_a_machine_is_pointed_out(string source, string attribute) => Diagnosis.ReportsAsync(
        new StrayAttributeAnalyzer(), "RSM0018", $"[{attribute}] has no effect here: 'Shop' is not a [ReplicatedStateMachine]; make it one, or remove the attribute", source);

    [Fact]
    public Task Attributes_of_a_machine_are_left_alone() => Diagnosis.IsSilentAsync(
        new StrayAttributeAnalyzer(), "[ReplicatedStateMachine(\"shop\")] [Emits<int>] public sealed partial class Shop { [State] private int _a; [Command] public void Do() => _a++; }");
}
