using ReplicatedState.Client.Tests.Scripted;

namespace ReplicatedState.Client.Tests.Calls;

/// <summary>When calls are sent again, and what they end with when that does not help.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData(ReplyStatus.NoLeader)]
    [InlineData(ReplyStatus.Overloaded)]
    [InlineData(ReplyStatus.DeadlineExceeded)]
    [InlineData(ReplyStatus.NodeStopped)]
    public async Task A_passing_refusal_is_ridden_out(ReplyStatus refusal)
    {
        int attempts = 0;
        var cluster = new ScriptedCluster(_ => ++attempts <= 5 ? Reply.Of(refusal) : Reply.Ok());
        await using var client = new TestClient(cluster);

        Task<string> call = client.CommandAsync("x");
        await client.AdvanceUntilEndAsync(call);

        Assert.Equal("done", await call);
        Assert.Equal(6, attempts);
    }

    [Theory]
    [InlineData(ReplyStatus.NoLeader, typeof(NoLeaderException))]
    [InlineData(ReplyStatus.Overloaded, typeof(OverloadedException))]
    [InlineData(ReplyStatus.DeadlineExceeded, typeof(DeadlineExceededException))]
    [InlineData(ReplyStatus.NodeStopped, typeof(NodeStoppedException))]
    public async Task A_lasting_refusal_ends_the_call_as_itself_when_the_time_is_over(ReplyStatus refusal, Type error)
    {
        var cluster = new ScriptedCluster(_ => Reply.Of(refusal));
        await using var client = new TestClient(cluster, options => options.CallTimeout = TimeSpan.FromSeconds(10));

        Task<string> call = client.CommandAsync("x");
        await client.AdvanceAndAwaitEndAsync(call, notBefore: TimeSpan.FromSeconds(9), by: TimeSpan.FromMinutes(1));

        var thrown = await Assert.ThrowsAnyAsync<ConsensusException>(() => call);
        Assert.IsType(error, thrown);
        Assert.True(thrown.IsRetryable);
    }

    [Theory]
    [InlineData(ReplyStatus.Rejected, typeof(CommandRejectedException))]
    [InlineData(ReplyStatus.Failed, typeof(CommandFailedException))]
    [InlineData(ReplyStatus.ReplyUnavailable, typeof(CommandReplyUnavailableException))]
    [InlineData(ReplyStatus.UnknownCommand, typeof(UnknownCommandException))]
    [InlineData(ReplyStatus.InvalidCommand, typeof(InvalidCommandException))]
    [InlineData(ReplyStatus.UnknownMachine, typeof(UnknownMachineException))]
    [InlineData(ReplyStatus.PayloadTooLarge, typeof(PayloadTooLargeException))]
    public async Task A_final_answer_is_not_asked_for_again(ReplyStatus status, Type error)
    {
        var cluster = new ScriptedCluster(_ => Reply.Of(status, "code"));
        await using var client = new TestClient(cluster);

        Assert.IsType(error, await Assert.ThrowsAnyAsync<ConsensusException>(() => client.CommandAsync("x")));
        Assert.Single(cluster.Commands);
    }

    [Fact]
    public async Task A_machine_that_halted_everywhere_is_reported_after_each_node_was_asked_once()
    {
        var cluster = new ScriptedCluster(_ => Reply.Of(ReplyStatus.MachineHalted));
        await using var client = new TestClient(cluster);

        await Assert.ThrowsAsync<MachineHaltedException>(() => client.CommandAsync("x"));
        Assert.Equal(["a:1", "b:1", "c:1"], cluster.Commands.Select(sent => sent.Address));
    }

    [Fact]
    public async Task Retries_can_be_limited()
    {
        var cluster = new ScriptedCluster(_ => Reply.Of(ReplyStatus.Overloaded));
        await using var client = new TestClient(cluster, options => options.Resilience.MaxRetries = 3);

        Task<string> call = client.CommandAsync("x");
        await client.AdvanceUntilEndAsync(call);

        await Assert.ThrowsAsync<OverloadedException>(() => call);
        Assert.Equal(4, cluster.Commands.Length);
    }

    [Fact]
    public async Task Without_retries_a_leader_hint_is_still_followed_and_an_expired_session_still_replaced()
    {
        var cluster = new ScriptedCluster(sent => sent switch
        {
            { Address: "a:1" } => Reply.NotLeader("b:1"),
            { Session: 101 } => Reply.Of(ReplyStatus.SessionExpired),
            { Payload: "x" } => Reply.Ok(),
            _ => Reply.Of(ReplyStatus.Overloaded),
        });
        await using var client = new TestClient(cluster, options => options.Resilience.EnableRetry = false);

        Assert.Equal("done", await client.CommandAsync("x"));
        await Assert.ThrowsAsync<OverloadedException>(() => client.CommandAsync("y"));
        Assert.Single(cluster.Commands, sent => sent.Payload == "y");
    }

    [Fact]
    public async Task A_lost_query_is_asked_elsewhere_and_one_that_nobody_answers_is_no_ambiguity()
    {
        var flaky = new ScriptedCluster(sent => sent.Address == "a:1" ? Reply.Lost() : Reply.Ok());
        await using var client = new TestClient(flaky);
        Assert.Equal("done", await client.QueryAsync("q"));

        var silent = new ScriptedCluster(_ => Reply.Lost());
        await using var other = new TestClient(silent, options => options.CallTimeout = TimeSpan.FromSeconds(10));
        Task<string> call = other.QueryAsync("q");
        await other.AdvanceUntilEndAsync(call);
        await Assert.ThrowsAsync<ClusterUnreachableException>(() => call);
    }

    [Fact]
    public async Task A_command_that_is_too_large_is_refused_before_anything_is_sent()
    {
        var cluster = new ScriptedCluster(_ => Reply.Ok());
        await using var client = new TestClient(cluster, options => options.MaxMessageSize = 1024);

        await Assert.ThrowsAsync<PayloadTooLargeException>(() => client.CommandAsync(new string('x', 1025)));
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public async Task Disposing_ends_the_calls_under_way_and_closes_the_sessions()
    {
        var cluster = new ScriptedCluster(sent => sent.Kind == ClientCallKind.CloseSession || sent.Payload == "x" ? Reply.Ok() : Reply.Lost());
        var client = new TestClient(cluster);
        await client.CommandAsync("x");
        Task<string> call = client.CommandAsync("y");
        await TestClient.UntilAsync(() => cluster.Commands.Length >= 4);

        await client.DisposeAsync();

        await Assert.ThrowsAsync<CommandOutcomeUnknownException>(() => call);
        Assert.Equal(101UL, cluster.Log.Single(sent => sent.Kind == ClientCallKind.CloseSession).Session);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CommandAsync("z"));
    }

    [Fact]
    public async Task A_session_that_cannot_be_opened_refuses_the_command_and_is_tried_again_by_the_next()
    {
        bool leads = false;
        var cluster = new ScriptedCluster(sent => leads ? Reply.Ok(index: 9) : Reply.Of(ReplyStatus.NoLeader)) { OpensSessions = false };
        await using var client = new TestClient(cluster, options => options.CallTimeout = TimeSpan.FromSeconds(10));

        Task<string> refused = client.CommandAsync("x");
        await client.AdvanceUntilEndAsync(refused);
        await Assert.ThrowsAsync<NoLeaderException>(() => refused);
        Assert.Empty(cluster.Commands);

        leads = true;
        Assert.Equal("done", await client.CommandAsync("y"));
        Assert.Equal((9UL, 1UL), (cluster.Commands[0].Session, cluster.Commands[0].Sequence));
    }
}
