using ReplicatedState.Runtime.Rehearsal;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class LeaderRehearsalTests
{
    /// <summary>Two leaders with 40 turns of 4 commands: the first one's on three replicas, the second one's on two.</summary>
    [Fact]
    public void The_rehearsal_commits_and_applies_the_commands_of_two_leaders_and_is_the_same_every_time()
    {
        Assert.Equal((40 * 4 * 3) + (40 * 4 * 2), LeaderRehearsal.Run());
        Assert.Equal(LeaderRehearsal.Run(), LeaderRehearsal.Run());
    }
}
