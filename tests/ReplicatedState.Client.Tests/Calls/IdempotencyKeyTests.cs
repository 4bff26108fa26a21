using ReplicatedState.Client.Tests.Scripted;

namespace ReplicatedState.Client.Tests.Calls;

/// <summary>Commands that carry a key of their caller instead of a session.</summary>
public sealed class IdempotencyKeyTests
{
    [Fact]
    public async Task A_command_with_a_key_needs_no_session_and_repeats_the_key_when_its_reply_was_lost()
    {
        int attempts = 0;
        var cluster = new ScriptedCluster(_ => ++attempts == 1 ? Reply.Lost() : Reply.Ok());
        await using var client = new TestClient(cluster);

        Assert.Equal("done", await client.KeyedCommandAsync("order-17", "x"));

        Assert.Equal([("order-17", 0UL, 0UL, 0UL), ("order-17", 0UL, 0UL, 0UL)],
            cluster.Commands.Select(sent => (sent.Key, sent.Session, sent.Sequence, sent.AcknowledgedUpTo)));
        Assert.Equal(0, cluster.SessionsOpened);
    }

    [Fact]
    public async Task A_command_with_a_key_that_is_never_answered_ends_as_unknown_and_may_be_sent_again_by_another_client()
    {
        bool isUp = false;
        var cluster = new ScriptedCluster(_ => isUp ? Reply.Ok("the first reply") : Reply.Lost());
        await using var first = new TestClient(cluster, options => options.CallTimeout = TimeSpan.FromSeconds(10));

        Task<string> call = first.KeyedCommandAsync("order-17", "x");
        await first.AdvanceUntilEndAsync(call);
        await Assert.ThrowsAsync<CommandOutcomeUnknownException>(() => call);

        isUp = true;
        await using var second = new TestClient(cluster);
        Assert.Equal("the first reply", await second.KeyedCommandAsync("order-17", "x"));
        Assert.Equal("order-17", Assert.Single(cluster.Commands.Select(sent => sent.Key).Distinct()));
    }

    [Fact]
    public async Task A_session_status_for_a_command_with_a_key_ends_it_as_what_it_is()
    {
        var cluster = new ScriptedCluster(_ => Reply.Of(ReplyStatus.SessionExpired));
        await using var client = new TestClient(cluster);

        await Assert.ThrowsAsync<SessionExpiredException>(() => client.KeyedCommandAsync("order-17", "x"));

        Assert.Single(cluster.Commands);
    }

    [Fact]
    public async Task A_key_is_gone_with_its_call()
    {
        var cluster = new ScriptedCluster(_ => Reply.Ok());
        await using var client = new TestClient(cluster);

        await client.KeyedCommandAsync("order-17", "x");
        await client.CommandAsync("y");
        await client.KeyedCommandAsync("order-18", "z");
        await client.CommandAsync("y");

        Assert.Equal([("order-17", 0UL, 0UL), ("", 101UL, 1UL), ("order-18", 0UL, 0UL), ("", 101UL, 2UL)],
            cluster.Commands.Select(sent => (sent.Key, sent.Session, sent.Sequence)));
    }

    [Fact]
    public async Task A_query_through_a_channel_with_a_key_carries_none()
    {
        var cluster = new ScriptedCluster(_ => Reply.Ok());
        await using var client = new TestClient(cluster);

        (await client.Client.Machine().WithIdempotencyKey("order-17").QueryAsync(TestClient.Request("x"), ReadConsistency.Linearizable, default)).Dispose();

        Assert.Equal("", Assert.Single(cluster.Log).Key);
    }

    [Fact]
    public async Task The_last_key_named_counts()
    {
        var cluster = new ScriptedCluster(_ => Reply.Ok());
        await using var client = new TestClient(cluster);

        IStateMachineChannel channel = client.Client.Machine().WithIdempotencyKey("order-17").WithIdempotencyKey("order-18");
        (await channel.CommandAsync(TestClient.Request("x"), default)).Dispose();

        Assert.Equal("order-18", Assert.Single(cluster.Commands).Key);
    }
}
