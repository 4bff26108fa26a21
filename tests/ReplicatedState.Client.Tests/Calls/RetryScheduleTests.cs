using ReplicatedState.Client.Calls;

namespace ReplicatedState.Client.Tests.Calls;

public sealed class RetryScheduleTests
{
    private static readonly ResilienceOptions Options = new()
    {
        RetryDelay = TimeSpan.FromSeconds(1),
        MaxRetryDelay = TimeSpan.FromSeconds(5),
        RetryBackoffFactor = 3,
    };

    [Fact]
    public void Waits_grow_by_the_factor_up_to_the_longest_and_are_jittered_down_to_half()
    {
        for (int round = 0; round < 100; round++)
        {
            var schedule = new RetrySchedule(Options);
            foreach (double full in new double[] { 1, 3, 5, 5 })
                Assert.InRange(schedule.Later()!.Value.TotalSeconds, full / 2, full);
        }
    }

    [Fact]
    public void Every_other_node_is_asked_at_once_before_the_first_wait_and_again_after_it()
    {
        var schedule = new RetrySchedule(Options);
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(TimeSpan.Zero, schedule.Elsewhere(nodes: 3));
            Assert.Equal(TimeSpan.Zero, schedule.Elsewhere(nodes: 3));
            Assert.NotEqual(TimeSpan.Zero, schedule.Elsewhere(nodes: 3));
        }
    }

    [Fact]
    public void Hints_are_followed_even_without_retries_but_not_for_ever()
    {
        var schedule = new RetrySchedule(new ResilienceOptions { EnableRetry = false });
        for (int hop = 0; hop < 3; hop++)
            Assert.Equal(TimeSpan.Zero, schedule.Redirected(nodes: 3));
        Assert.Null(schedule.Redirected(nodes: 3));
    }
}
