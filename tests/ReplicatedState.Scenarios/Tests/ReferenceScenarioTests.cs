using ReplicatedState.Scenarios.Interpreter;

namespace ReplicatedState.Scenarios.Tests;

/// <summary>The reference engine's scenarios, replayed against our core.</summary>
public sealed class ReferenceScenarioTests
{
    /// <summary>The files that need no membership changes.</summary>
    public static TheoryData<string> Files =>
    [
        "async_storage_writes", "campaign", "checkquorum", "forget_leader", "forget_leader_read_only_lease_based", "prevote", "replicate_pause",
        "single_node", "snapshot_succeed_via_app_resp",
    ];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Our_core_does_what_the_reference_engine_did(string name)
    {
        ScenarioResult result = ScenarioInterpreter.Run(ReferenceData.File(name));
        Assert.True(result.Passed, result.ToString());
    }

    [SkippableTheory]
    [InlineData("confchange_v1_remove_leader")]
    public void What_the_core_cannot_do_yet_is_said_and_not_passed(string name)
    {
        ScenarioResult result = ScenarioInterpreter.Run(ReferenceData.File(name));
        Assert.False(result.Passed);
        Assert.Contains("not supported yet", result.Why, StringComparison.Ordinal);
    }
}
