using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Options;

namespace ReplicatedState.Simulation.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void A_planted_bug_is_found_by_its_name_in_any_case() =>
        Assert.Equal(CoreMutant.VoteNotPersisted, CommandLine.Parse(["--mutant", "votenotpersisted"]).Mutant);

    [Fact]
    public void An_unknown_bug_is_answered_with_the_nearest_names()
    {
        var refused = Assert.Throws<ArgumentException>(() => CommandLine.Parse(["--mutant", "VoteNotPersistent"]));
        Assert.Contains("the nearest are VoteNotPersisted,", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_planted_bug_tells_its_trap_and_what_it_does() =>
        Assert.All(PlantedBugs.All, bug => Assert.EndsWith(".", bug.What, StringComparison.Ordinal));

    [Fact]
    public void Every_bug_that_can_be_planted_in_a_node_is_in_the_list() =>
        Assert.Equal(Enum.GetValues<NodeMutant>().Where(mutant => mutant != NodeMutant.None).Order(), PlantedBugs.Of(SimulationLevel.Node).Select(bug => bug.Node).Order());

    [Fact]
    public void A_bug_says_where_it_is_planted_and_is_not_looked_for_elsewhere()
    {
        Assert.Equal(SimulationLevel.Node, CommandLine.Parse(["--mutant", "versionfrombinary"]).Level);
        Assert.Throws<ArgumentException>(() => CommandLine.Parse(["--mutant", "VersionFromBinary", "--level", "core"]));
        Assert.Throws<ArgumentException>(() => CommandLine.Parse(["--mutant", "VersionFromBinary", "--exhaustive"]));
        Assert.Throws<ArgumentException>(() => CommandLine.Parse(["--mutant", "VoteNotPersisted", "--level", "node"]));
    }

    [Fact]
    public void Bounds_that_are_not_named_are_those_of_the_design()
    {
        Assert.Equal(new() { Terms = 2, SlowDisks = false }, CommandLine.Parse(["--exhaustive", "--bounds", "terms=2,disks=quick"]).Bounds);
        Assert.Throws<ArgumentException>(() => CommandLine.Parse(["--bounds", "term=2"]));
    }
}
