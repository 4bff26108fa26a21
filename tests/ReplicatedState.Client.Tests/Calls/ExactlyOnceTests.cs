using ReplicatedState.Client.Tests.Scripted;

namespace ReplicatedState.Client.Tests.Calls;

/// <summary>The rules of client sessions (Raft dissertation 6.3): what may be sent again, and what a caller may be told.</summary>
public sealed class ExactlyOnceTests
{
    [Fact]
    public async Task A_command_whose_reply_was_lost_is_sent_again_under_the_same_session_and_sequence()
    {
        var executed = new HashSet<(ulong, ulong)>();
        int attempts = 0;
        var cluster = new ScriptedCluster(sent =>
        {
            executed.Add((sent.Session, sent.Sequence));
            return ++attempts == 1 ? Reply.Lost() : Reply.Ok();
        });
        await using var client = new TestClient(cluster);

        Assert.Equal("done", await client.CommandAsync("x"));

        Assert.Equal(2, attempts);
        Assert.Single(executed);
        Assert.Equal("x", cluster.Commands[1].Payload);
        Assert.NotEqual(cluster.Commands[0].Address, cluster.Commands[1].Address);
    }

    [Fact]
    public async Task A_node_that_cannot_tell_is_asked_again_under_the_same_sequence()
    {
        int attempts = 0;
        var cluster = new ScriptedCluster(_ => ++attempts == 1 ? Reply.Of(ReplyStatus.OutcomeUnknown) : Reply.Ok());
        await using var client = new TestClient(cluster);

        Task<string> call = client.CommandAsync("x");
        await client.AdvanceUntilEndAsync(call);

        Assert.Equal("done", await call);
        Assert.Single(cluster.Commands.Select(sent => (sent.Session, sent.Sequence)).Distinct());
    }

    [Theory]
    [InlineData(ReplyStatus.SessionExpired)]
    [InlineData(ReplyStatus.AlreadyAcknowledged)]
    [InlineData(ReplyStatus.WindowExceeded)]
    public async Task A_session_that_refuses_a_first_attempt_is_replaced(ReplyStatus refusal)
    {
        var cluster = new ScriptedCluster(sent => sent.Session == 101 ? Reply.Of(refusal) : Reply.Ok());
        await using var client = new TestClient(cluster);

        Assert.Equal("done", await client.CommandAsync("x"));
        Assert.Equal("done", await client.CommandAsync("y"));

        Assert.Equal([(101UL, 1UL), (102UL, 1UL), (102UL, 2UL)], cluster.Commands.Select(sent => (sent.Session, sent.Sequence)));
    }

    [Theory]
    [InlineData(ReplyStatus.SessionExpired)]
    [InlineData(ReplyStatus.AlreadyAcknowledged)]
    [InlineData(ReplyStatus.WindowExceeded)]
    public async Task A_session_that_refuses_a_command_which_may_have_been_executed_leaves_the_outcome_unknown(ReplyStatus refusal)
    {
        int attempts = 0;
        var cluster = new ScriptedCluster(_ => ++attempts == 1 ? Reply.Lost() : Reply.Of(refusal));
        await using var client = new TestClient(cluster);

        var error = await Assert.ThrowsAsync<CommandOutcomeUnknownException>(() => client.CommandAsync("x"));

        Assert.True(error.IsAmbiguous);
        Assert.NotNull(error.InnerException);
        Assert.Equal(2, attempts);
        Assert.Equal(1, cluster.SessionsOpened);
    }

    [Fact]
    public async Task A_definite_refusal_before_it_does_not_keep_an_expired_session_from_being_replaced()
    {
        var cluster = new ScriptedCluster(sent => sent switch
        {
            { Address: "a:1" } => Reply.NotLeader("b:1"),
            { Session: 101 } => Reply.Of(ReplyStatus.SessionExpired),
            _ => Reply.Ok(),
        });
        await using var client = new TestClient(cluster);

        Assert.Equal("done", await client.CommandAsync("x"));
        Assert.Equal(2, cluster.SessionsOpened);
    }

    [Fact]
    public async Task A_refusal_after_an_attempt_that_may_have_been_executed_is_not_passed_off_as_definite()
    {
        int attempts = 0;
        var cluster = new ScriptedCluster(_ => ++attempts == 1 ? Reply.Lost() : Reply.Of(ReplyStatus.UnknownCommand));
        await using var client = new TestClient(cluster);

        var error = await Assert.ThrowsAsync<CommandOutcomeUnknownException>(() => client.CommandAsync("x"));
        Assert.IsType<UnknownCommandException>(error.InnerException);
    }

    [Fact]
    public async Task A_replicated_result_is_believed_also_after_a_lost_attempt()
    {
        int attempts = 0;
        var cluster = new ScriptedCluster(_ => ++attempts == 1 ? Reply.Lost() : Reply.Of(ReplyStatus.Rejected, "insufficient_funds"));
        await using var client = new TestClient(cluster);

        var error = await Assert.ThrowsAsync<CommandRejectedException>(() => client.CommandAsync("x"));
        Assert.Equal("insufficient_funds", error.RejectionCode);
    }

    [Fact]
    public async Task A_command_that_is_never_answered_ends_as_unknown_and_one_that_is_never_sent_as_unreachable()
    {
        var silent = new ScriptedCluster(_ => Reply.Lost());
        await using var lost = new TestClient(silent, Brief);
        Task<string> unknown = lost.CommandAsync("x");
        await lost.AdvanceUntilEndAsync(unknown);
        await Assert.ThrowsAsync<CommandOutcomeUnknownException>(() => unknown);

        var absent = new ScriptedCluster(_ => Reply.NotSent());
        await using var unsent = new TestClient(absent, Brief);
        Task<string> unreachable = unsent.CommandAsync("x");
        await unsent.AdvanceUntilEndAsync(unreachable);
        await Assert.ThrowsAsync<ClusterUnreachableException>(() => unreachable);
    }

    [Fact]
    public async Task A_command_is_not_sent_again_after_half_the_sessions_lifetime()
    {
        var cluster = new ScriptedCluster(_ => Reply.Lost());
        await using var client = new TestClient(cluster, options =>
        {
            options.CallTimeout = TimeSpan.FromHours(1);
            options.SessionTtl = TimeSpan.FromSeconds(20);
        });

        Task<string> call = client.CommandAsync("x");
        await client.AdvanceAndAwaitEndAsync(call, notBefore: TimeSpan.FromSeconds(9), by: TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<CommandOutcomeUnknownException>(() => call);
    }

    [Fact]
    public async Task Commands_tell_up_to_which_sequence_all_are_over()
    {
        var held = new TaskCompletionSource<EndpointReply>();
        var cluster = new ScriptedCluster(sent => sent.Payload == "held" ? held.Task : Task.FromResult(Reply.Ok()));
        await using var client = new TestClient(cluster);

        await client.CommandAsync("one");
        Task<string> waiting = client.CommandAsync("held");
        await client.CommandAsync("three");
        await client.CommandAsync("four");
        held.SetResult(Reply.Ok());
        await waiting;
        await client.CommandAsync("five");

        Assert.Equal([(1UL, 0UL), (2UL, 1UL), (3UL, 1UL), (4UL, 1UL), (5UL, 4UL)], cluster.Commands.Select(sent => (sent.Sequence, sent.AcknowledgedUpTo)));
    }

    [Fact]
    public async Task A_cancelled_command_ends_with_the_callers_token_and_does_not_hold_the_session_up()
    {
        using var cancel = new CancellationTokenSource();
        var never = new TaskCompletionSource<EndpointReply>();
        var cluster = new ScriptedCluster(sent => sent.Payload == "held" ? never.Task : Task.FromResult(Reply.Ok()));
        await using var client = new TestClient(cluster);

        Task<string> call = client.CommandAsync("held", cancel.Token);
        await TestClient.UntilAsync(() => cluster.Commands.Length == 1);
        await cancel.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await client.CommandAsync("next");

        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Equal(1UL, cluster.Commands[^1].AcknowledgedUpTo);
    }

    [Fact]
    public async Task A_cancellation_while_the_call_is_being_retried_ends_with_the_callers_token()
    {
        using var cancel = new CancellationTokenSource();
        var cluster = new ScriptedCluster(_ => Reply.Of(ReplyStatus.NoLeader));
        await using var client = new TestClient(cluster);

        Task<string> call = client.CommandAsync("x", cancel.Token);
        await TestClient.UntilAsync(() => cluster.Commands.Length == 1);
        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task A_full_window_opens_a_further_session()
    {
        var held = new TaskCompletionSource<EndpointReply>();
        var cluster = new ScriptedCluster(_ => held.Task);
        await using var client = new TestClient(cluster);

        Task<string>[] calls = [.. Enumerable.Range(0, 4097).Select(_ => client.CommandAsync("x"))];
        await TestClient.UntilAsync(() => cluster.Commands.Length == calls.Length);
        held.SetResult(new EndpointReply { Status = ReplyStatus.Ok });
        await Task.WhenAll(calls);

        Assert.Equal(2, cluster.SessionsOpened);
        Assert.Equal(4096, cluster.Commands.Count(sent => sent.Session == 101));
        Assert.Equal((102UL, 1UL), (cluster.Commands[^1].Session, cluster.Commands[^1].Sequence));
    }

    [Fact]
    public async Task Concurrent_first_commands_share_one_session()
    {
        var cluster = new ScriptedCluster(_ => Reply.Ok());
        await using var client = new TestClient(cluster);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => client.CommandAsync("x"))));

        Assert.Equal(1, cluster.SessionsOpened);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (ulong)i), cluster.Commands.Select(sent => sent.Sequence).Order());
    }

    private static void Brief(ReplicatedStateClientOptions options) => options.CallTimeout = TimeSpan.FromSeconds(10);
}
