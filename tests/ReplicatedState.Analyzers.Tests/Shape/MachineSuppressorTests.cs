using ReplicatedState.Analyzers.Shape;

namespace ReplicatedState.Analyzers.Tests.Shape;

/// <summary>The advice of the compiler and of the SDK's own analyzers, once where it misleads and once where it is right.</summary>
public sealed class MachineSuppressorTests
{
    [Theory]
    [InlineData("CA1822", "[Command] public void Open() { }", "Open")]
    [InlineData("CA1822", "[Query] public int One() => 1;", "One")]
    [InlineData("CA1024", "[Query] public int GetTotal() => _total;", "GetTotal")]
    [InlineData("CA1002", "[Query] public List<int> All() => [];", "All")]
    [InlineData("CA1002", "[Command] public void Take(List<int> all) => _total = all.Count;", "all")]
    [InlineData("CA1062", "[Command] public void Take(string name) => _total = name.Length;", "name")]
    [InlineData("CA5394", "[Command] public void Roll(CommandContext context) => _total = context.Random.Next(6);", "context.Random.Next(6)")]
    public async Task Advice_that_misleads_in_a_machine_is_silenced(string id, string member, string place) =>
        Assert.Contains(($"{id}: {place}", true), await AdviseAsync(Machine(member), id));

    [Theory]
    [InlineData("CA1822", "public int Helper() => 1;", "Helper")]
    [InlineData("CA1024", "public int GetTotal() => _total;", "GetTotal")]
    [InlineData("CA1002", "public List<int> All() => [];", "All")]
    [InlineData("CA1062", "public void Take(string name) => _total = name.Length;", "name")]
    [InlineData("CA1062", "[Command] public void Take(string? name) => _total = name!.Length;", "name")]
    [InlineData("CA5394", "public void Roll(Random random) => _total = random.Next(6);", "random.Next(6)")]
    public async Task Advice_that_is_right_in_a_machine_stays(string id, string member, string place) =>
        Assert.Contains(($"{id}: {place}", false), await AdviseAsync(Machine(member), id));

    [Theory]
    [InlineData("CA2227", "public List<int> Lines { get; set; } = [];", "Lines")]
    [InlineData("CA1002", "public List<int> Lines { get; set; } = [];", "Lines")]
    public async Task What_the_state_carries_has_setters_and_lists(string id, string member, string place)
    {
        string source = Machine("[State] private readonly Dictionary<int, Order> _orders = [];") + $"public sealed class Order {{ {member} }} public sealed class Other {{ {member} }}";

        Assert.Equal([($"{id}: {place}", true), ($"{id}: {place}", false)], await AdviseAsync(source, id));
    }

    // With the generated half there is nothing to silence; where the machine has another mistake there is none, and these warnings would hide it.
    [Theory]
    [InlineData("IDE0051", "private int _kept;", "_kept")]
    [InlineData("CS0169", "private int _kept;", "_kept")]
    [InlineData("CS0414", "private int _kept = 3;", "_kept")]
    [InlineData("CS0649", "private int _kept; public int Kept => _kept;", "_kept")]
    [InlineData("IDE0044", "private int _kept; public int Kept => _kept;", "_kept")]
    [InlineData("IDE0052", "private int _kept; public void Keep() => _kept = 3;", "_kept")]
    [InlineData("CA1823", "private int _kept;", "_kept")]
    public async Task State_that_only_the_generated_half_uses_is_used(string id, string declaration, string place)
    {
        Assert.Contains(($"{id}: {place}", true), await AdviseAsync(Machine("[State] " + declaration), id, withGenerated: false));
        Assert.Contains(($"{id}: {place}", false), await AdviseAsync(Machine("[Transient] " + declaration), id, withGenerated: false));
        Assert.DoesNotContain(($"{id}: {place}", false), await AdviseAsync(Machine("[State] " + declaration), id));
    }

    [Theory]
    [InlineData("[Command] private void Open() => _total++;")]
    [InlineData("[Query] private int Total() => _total;")]
    public async Task Private_commands_and_queries_are_used(string member)
    {
        string name = member.Contains("Open", StringComparison.Ordinal) ? "Open" : "Total";
        Assert.Contains(($"IDE0051: {name}", true), await AdviseAsync(Machine(member), "IDE0051", withGenerated: false));
    }

    private static Task<IReadOnlyList<(string Finding, bool IsSuppressed)>> AdviseAsync(string source, string id, bool withGenerated = true) =>
        SdkAnalyzers.AdviseAsync(source, withGenerated, new MachineSuppressor(), id);

    private static string Machine(string members) =>
        $"[ReplicatedStateMachine(\"m\")] public sealed partial class M {{ [State] private int _total; [Command] public void Count() => _total++; {members} }}\n";
}
