using ReplicatedState.Runtime.Shards;

namespace ReplicatedState.Runtime.Tests.Node;

public sealed class ApplyPaceTests
{
    private const long TickUs = 50_000;
    private const long SecondUs = 1_000_000;

    [Fact]
    public void A_new_machine_comes_to_the_shard_when_it_has_been_quick_for_a_while()
    {
        var pace = new ApplyPace(isTrusted: false, TickUs);
        for (int call = 0; call < ApplyPace.ProbationCalls; call++)
        {
            Assert.True(pace.IsSlow(call));
            pace.Count(1, longestUs: ApplyPace.StretchUsMax, nowUs: call);
        }

        Assert.False(pace.IsSlow(ApplyPace.ProbationCalls));
    }

    [Fact]
    public void A_machine_that_takes_long_on_probation_begins_it_anew()
    {
        var pace = new ApplyPace(isTrusted: false, TickUs);
        pace.Count(ApplyPace.ProbationCalls - 1, 10, nowUs: 0);
        pace.Count(1, ApplyPace.StretchUsMax + 1, nowUs: 0);
        pace.Count(ApplyPace.ProbationCalls - 1, 10, nowUs: SecondUs);
        Assert.True(pace.IsSlow(SecondUs));
        pace.Count(1, 10, nowUs: SecondUs);
        Assert.False(pace.IsSlow(SecondUs));
    }

    [Fact]
    public void Pauses_of_a_garbage_collector_drive_no_quick_machine_away()
    {
        var pace = new ApplyPace(isTrusted: true, TickUs);
        for (long now = 0; now < 60 * SecondUs; now += SecondUs / 8)
        {
            pace.Count(16, 1_000, now);
            Assert.False(pace.IsSlow(now));
        }
    }

    [Fact]
    public void A_machine_that_takes_more_than_a_hundredth_of_the_time_leaves_the_shard_and_returns_when_it_is_quick_again()
    {
        var pace = new ApplyPace(isTrusted: true, TickUs);
        long now = 0;
        for (; !pace.IsSlow(now); now += 10_000)
        {
            Assert.True(now < SecondUs, "3 % of the time is too much");
            pace.Count(1, 300, now);
        }

        pace.Count(1000, 10, now);
        Assert.True(pace.IsSlow(now + (SecondUs / 10)), "what it took is not paid back");
        Assert.False(pace.IsSlow(now + SecondUs));
    }

    [Fact]
    public void A_single_command_that_could_cost_an_election_drives_the_machine_away_for_a_long_time()
    {
        var pace = new ApplyPace(isTrusted: true, TickUs);
        pace.Count(1, SecondUs, nowUs: SecondUs);
        pace.Count(1000, 10, nowUs: SecondUs);
        Assert.True(pace.IsSlow(900 * SecondUs));
        Assert.False(pace.IsSlow(1002 * SecondUs));
    }
}
