using ReplicatedState.Client.Tests.Scripted;

namespace ReplicatedState.Client.Tests.Calls;

/// <summary>Which node a call goes to. The clock stands still, so whatever succeeds did so without waiting.</summary>
public sealed class LeaderTests
{
    [Fact]
    public async Task A_leader_hint_is_followed_at_once_and_remembered()
    {
        var cluster = new ScriptedCluster(sent => sent.Address == "c:1" ? Reply.Ok() : Reply.NotLeader("c:1"));
        await using var client = new TestClient(cluster);

        Assert.Equal("done", await client.CommandAsync("x"));
        Assert.Equal("done", await client.CommandAsync("y"));

        Assert.Equal(["a:1", "c:1", "c:1"], cluster.Commands.Select(sent => sent.Address));
    }

    [Fact]
    public async Task A_leader_that_was_not_configured_is_found_through_its_hint()
    {
        var cluster = new ScriptedCluster(sent => sent.Address == "new:9" ? Reply.Ok() : Reply.NotLeader("new:9"));
        await using var client = new TestClient(cluster);

        Assert.Equal("done", await client.CommandAsync("x"));
        Assert.Equal("new:9", cluster.Commands[^1].Address);
    }

    [Fact]
    public async Task Nodes_that_cannot_be_reached_are_passed_over_without_waiting()
    {
        var cluster = new ScriptedCluster(sent => sent.Address == "c:1" ? Reply.Ok() : Reply.NotSent());
        await using var client = new TestClient(cluster);

        Assert.Equal("done", await client.CommandAsync("x"));
        Assert.Equal(["a:1", "b:1", "c:1"], cluster.Commands.Select(sent => sent.Address));
    }

    [Fact]
    public async Task Two_nodes_that_name_each_other_do_not_make_the_client_spin()
    {
        var cluster = new ScriptedCluster(sent => Reply.NotLeader(sent.Address == "a:1" ? "b:1" : "a:1"));
        await using var client = new TestClient(cluster, options => options.CallTimeout = TimeSpan.FromSeconds(10), "a:1", "b:1");

        Task<string> call = client.CommandAsync("x");
        await client.AdvanceUntilEndAsync(call);

        var error = await Assert.ThrowsAsync<NotLeaderException>(() => call);
        Assert.NotNull(error.LeaderAddress);
        Assert.InRange(cluster.Commands.Length, 4, 40);
    }

    [Fact]
    public async Task Linearizable_queries_prefer_the_leader_and_local_ones_the_first_node()
    {
        var cluster = new ScriptedCluster(sent =>
            sent.Kind == ClientCallKind.Query || sent.Address == "b:1" ? Reply.Ok() : Reply.NotLeader("b:1"));
        await using var client = new TestClient(cluster);

        await client.CommandAsync("x");
        await client.QueryAsync("q1");
        await client.QueryAsync("q2", ReadConsistency.Local);

        Assert.Equal("b:1", cluster.Log.Single(sent => sent.Payload == "q1").Address);
        Assert.Equal("a:1", cluster.Log.Single(sent => sent.Payload == "q2").Address);
    }

    [Fact]
    public async Task Each_machine_has_a_leader_of_its_own()
    {
        var cluster = new ScriptedCluster(sent =>
        {
            string leader = sent.Machine == "bank" ? "b:1" : "c:1";
            return sent.Address == leader ? Reply.Ok() : Reply.NotLeader(leader);
        });
        await using var client = new TestClient(cluster);

        using ReplyBuffer first = await client.Client.Machine("bank").CommandAsync(TestClient.Request("x"), default);
        using ReplyBuffer second = await client.Client.Machine("shop").CommandAsync(TestClient.Request("y"), default);
        using ReplyBuffer third = await client.Client.Machine("bank").CommandAsync(TestClient.Request("z"), default);

        Assert.Equal("b:1", cluster.Commands[^1].Address);
        Assert.Equal(2, cluster.SessionsOpened);
    }
}
