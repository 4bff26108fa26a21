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
        ScenarioResult result = ScenarioRunner.Run(ReferenceData.File(name));
        Assert.True(result.Passed, result.ToString());
    }

    /// <summary>The files that change members: compared by what they end in.</summary>
    public static TheoryData<string> ChangesOfMembers =>
    [
        "confchange_v1_remove_leader", "confchange_v2_add_double_implicit", "confchange_v2_add_single_auto", "confchange_v2_add_single_explicit",
        "confchange_v2_replace_leader_stepdown",
    ];

    /// <summary>The tables of quorums and of configurations.</summary>
    public static TheoryData<string, string> Tables => new()
    {
        { "quorum", "joint_commit" },
        { "quorum", "majority_vote" },
        { "confchange", "joint_autoleave" },
        { "confchange", "joint_learners_next" },
        { "confchange", "simple_promote_demote" },
        { "confchange", "simple_safety" },
        { "confchange", "zero" },
    };

    [SkippableTheory]
    [MemberData(nameof(ChangesOfMembers))]
    public void Changes_of_members_end_where_the_reference_engine_ended(string name)
    {
        ScenarioResult result = ScenarioRunner.Run(ReferenceData.File(name));
        Assert.True(result is { Passed: true, Exempt: null }, result.ToString());
    }

    [SkippableFact]
    public void Changes_that_are_not_checked_do_not_exist_here_and_that_is_said()
    {
        ScenarioResult result = ScenarioRunner.Run(ReferenceData.File("confchange_disable_validation"));
        Assert.StartsWith("EXEMPT", result.ToString(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Tables))]
    public void Quorums_and_configurations_are_those_of_the_reference_engine(string kind, string name)
    {
        ScenarioResult result = ScenarioRunner.Run(ReferenceData.File(name, kind));
        Assert.True(result.Passed, result.ToString());
    }
}
