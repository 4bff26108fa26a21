using ReplicatedState.Client.Tests.Scripted;

namespace ReplicatedState.Client.Tests.Calls;

/// <summary>A client remembers what it has seen, and its session's queries ask for no less.</summary>
public sealed class SessionReadTests
{
    [Fact]
    public async Task A_query_of_the_session_asks_for_the_last_acknowledged_command_at_the_first_node()
    {
        var cluster = new ScriptedCluster(sent => sent.Kind == ClientCallKind.Query || sent.Address == "b:1" ? Seen(12) : Reply.NotLeader("b:1"));
        await using var client = new TestClient(cluster);

        await client.CommandAsync("x");
        await client.QueryAsync("q", ReadConsistency.Session);

        Sent query = cluster.Log.Last();
        Assert.Equal(("a:1", ReadConsistency.AtLeast(new SessionToken(3, 1, 12))), (query.Address, query.Consistency));
    }

    [Fact]
    public async Task Whoever_has_seen_nothing_asks_for_nothing()
    {
        var cluster = new ScriptedCluster(_ => Seen(12));
        await using var client = new TestClient(cluster);

        await client.QueryAsync("q", ReadConsistency.Session);

        Assert.Equal(ReadConsistency.Session, cluster.Log.Last().Consistency);
    }

    [Fact]
    public async Task What_was_seen_never_gets_less_whatever_the_order_of_the_answers()
    {
        ulong[] indexes = [12, 10, 15, 11];
        int next = 0;
        var cluster = new ScriptedCluster(_ => Seen(indexes[next++]));
        await using var client = new TestClient(cluster);

        foreach (ulong expected in new ulong[] { 12, 12, 15, 15 })
        {
            await client.QueryAsync("q", ReadConsistency.Local);
            Assert.Equal(new SessionToken(3, 1, expected), client.Client.Machine().SessionToken);
        }
    }

    [Fact]
    public async Task A_rejection_has_been_seen_too()
    {
        var cluster = new ScriptedCluster(_ => Reply.Of(ReplyStatus.Rejected, "poor") with { Group = 3, Index = 20 });
        await using var client = new TestClient(cluster);

        await Assert.ThrowsAsync<CommandRejectedException>(() => client.CommandAsync("x"));

        Assert.Equal(new SessionToken(3, 0, 20), client.Client.Machine().SessionToken);
    }

    [Fact]
    public async Task A_token_goes_to_another_client_as_text()
    {
        var cluster = new ScriptedCluster(sent => Seen(sent.Kind == ClientCallKind.Command ? 30u : 25u));
        await using var first = new TestClient(cluster);
        await using var second = new TestClient(cluster);
        await first.CommandAsync("x");
        string text = first.Client.Machine().SessionToken.ToString();

        IStateMachineChannel session = second.Client.Machine().WithSession(SessionToken.Parse(text));
        (await session.QueryAsync(TestClient.Request("q"), ReadConsistency.Session, default)).Dispose();

        Assert.Equal(ReadConsistency.AtLeast(new SessionToken(3, 1, 30)), cluster.Log.Last().Consistency);
        Assert.Equal(new SessionToken(3, 1, 30), session.SessionToken);
    }

    [Fact]
    public async Task Sessions_of_one_client_know_nothing_of_each_other()
    {
        var cluster = new ScriptedCluster(_ => Seen(40));
        await using var client = new TestClient(cluster);
        IStateMachineChannel alice = client.Client.Machine().WithSession();
        IStateMachineChannel bob = client.Client.Machine().WithSession();

        (await alice.WithIdempotencyKey("k").CommandAsync(TestClient.Request("x"), default)).Dispose();

        Assert.Equal((40UL, 0UL, 0UL), (alice.SessionToken.Index, bob.SessionToken.Index, client.Client.Machine().SessionToken.Index));
    }

    [Fact]
    public async Task A_cluster_that_was_recovered_counts_anew_however_low()
    {
        uint epoch = 1;
        var cluster = new ScriptedCluster(_ => Reply.Ok(index: epoch == 1 ? 50u : 9u) with { Group = 3, Epoch = epoch });
        await using var client = new TestClient(cluster);
        await client.CommandAsync("x");
        epoch = 2;

        await client.CommandAsync("y");
        Assert.Equal(new SessionToken(3, 2, 9), client.Client.Machine().SessionToken);

        epoch = 1;
        await client.CommandAsync("from a node of the past");
        Assert.Equal(new SessionToken(3, 2, 9), client.Client.Machine().SessionToken);
    }

    [Fact]
    public async Task What_the_group_never_gave_is_reported_once_and_forgotten()
    {
        var cluster = new ScriptedCluster(sent =>
            sent.Kind == ClientCallKind.Command ? Seen(60) : sent.Consistency.Token.IsEmpty ? Seen(5) : Reply.Of(ReplyStatus.InvalidConsistency));
        await using var client = new TestClient(cluster);
        await client.CommandAsync("x");

        await Assert.ThrowsAsync<InvalidConsistencyException>(() => client.QueryAsync("q", ReadConsistency.Session));
        Assert.Equal("done", await client.QueryAsync("q", ReadConsistency.Session));

        // What the caller named is the caller's business.
        var foreign = new SessionToken(9, 0, 1);
        await Assert.ThrowsAsync<InvalidConsistencyException>(() => client.QueryAsync("q", ReadConsistency.AtLeast(foreign)));
        Assert.Equal(5UL, client.Client.Machine().SessionToken.Index);
    }

    [Fact]
    public async Task A_state_that_is_too_old_is_asked_for_at_the_next_node()
    {
        var cluster = new ScriptedCluster(sent => sent.Address == "a:1" ? Reply.Of(ReplyStatus.StaleRead) : Seen(1));
        await using var client = new TestClient(cluster);

        Task<string> call = client.QueryAsync("q", ReadConsistency.BoundedStaleness(TimeSpan.FromSeconds(1)));
        await client.AdvanceUntilEndAsync(call);

        Assert.Equal(["a:1", "b:1"], cluster.Log.Select(sent => sent.Address));
    }

    private static EndpointReply Seen(ulong index) => Reply.Ok(index: index) with { Group = 3, Epoch = 1 };
}
