using System.Buffers;
using MessagePack;
using ReplicatedState.Client.Tests.Scripted;

namespace ReplicatedState.Client.Tests.Calls;

/// <summary>A result in pages: asked of whoever answers, then bound to that node, one page ahead.</summary>
public sealed class PagedQueryTests
{
    private const ulong Cursor = 0xC0FFEE;

    [Fact]
    public async Task The_first_page_is_retried_like_any_query_and_the_others_come_from_whoever_gave_it()
    {
        var cluster = new ScriptedCluster(sent => (sent.Kind, sent.Address) switch
        {
            (ClientCallKind.Query, "a:1") => Reply.NotLeader("c:1"),
            (ClientCallKind.Query, _) => Page(0, isLast: false),
            _ => Page(sent.Page, isLast: sent.Page == 2),
        });
        await using var client = new TestClient(cluster);

        Assert.Equal((int[])[0, 1, 2], await ItemsAsync(client));

        Sent[] queries = [.. cluster.Log.Where(sent => sent.Kind == ClientCallKind.Query)];
        Assert.Equal(["a:1", "c:1"], queries.Select(sent => sent.Address));
        Assert.All(queries, sent => Assert.Equal((true, "q"), (sent.InPages, sent.Payload)));
        Assert.Equal([("c:1", Cursor, 1u), ("c:1", Cursor, 2u), ("c:1", Cursor, 0u)], Pages(cluster));
        Assert.Equal(new SessionToken(3, 1, 9), client.Client.Machine().SessionToken);
    }

    [Fact]
    public async Task A_result_of_one_page_costs_one_call()
    {
        var cluster = new ScriptedCluster(_ => Page(0, isLast: true));
        await using var client = new TestClient(cluster);
        Assert.Equal((int[])[0], await ItemsAsync(client));
        Assert.Single(cluster.Log);
    }

    [Fact]
    public async Task One_page_is_fetched_ahead_and_never_more()
    {
        var cluster = new ScriptedCluster(sent => Page(sent.Page, isLast: sent.Page == 5));
        await using var client = new TestClient(cluster);
        await using IAsyncEnumerator<ReplyBuffer> pages = Query(client).GetAsyncEnumerator();
        for (uint consumed = 0; await pages.MoveNextAsync(); consumed++)
        {
            pages.Current.Dispose();
            Assert.Equal(Math.Min(consumed + 1, 5), cluster.Log.Max(sent => sent.Page));
        }

        Assert.Equal([1, 2, 3, 4, 5, 0], Pages(cluster).Select(sent => (int)sent.Page));
    }

    [Fact]
    public async Task A_page_whose_reply_was_lost_is_asked_for_again_of_the_same_node()
    {
        int lost = 0;
        var cluster = new ScriptedCluster(sent => sent.Kind == ClientCallKind.Page && sent.Page == 1 && lost++ < 2 ? Reply.Lost() : Page(sent.Page, isLast: sent.Page == 2));
        await using var client = new TestClient(cluster);
        Task<int[]> items = ItemsAsync(client);
        await client.AdvanceUntilEndAsync(items);
        Assert.Equal((int[])[0, 1, 2], await items);
        Assert.Equal([1, 1, 1, 2, 0], Pages(cluster).Select(sent => (int)sent.Page));
        Assert.All(Pages(cluster), sent => Assert.Equal("a:1", sent.Address));
    }

    [Theory]
    [InlineData(ReplyStatus.PageUnavailable, typeof(ResultInterruptedException))]
    [InlineData(ReplyStatus.NodeStopped, typeof(NodeStoppedException))]
    [InlineData(ReplyStatus.MachineHalted, typeof(MachineHaltedException))]
    [InlineData(ReplyStatus.InvalidCommand, typeof(InvalidCommandException))]
    public async Task What_the_node_refuses_for_good_interrupts_the_result_at_once_and_says_after_how_many_items(ReplyStatus status, Type cause)
    {
        var cluster = new ScriptedCluster(sent => sent.Page == 2 ? Reply.Of(status) : Page(sent.Page, isLast: false));
        await using var client = new TestClient(cluster);
        var items = new List<int>();
        ResultInterruptedException interrupted = await Assert.ThrowsAsync<ResultInterruptedException>(() => AddItemsAsync(client, items));
        Assert.Equal([0, 1], items);
        Assert.Equal(2, interrupted.ItemsDelivered);
        Assert.StartsWith($"The result was interrupted after 2 items: It is {status}.", interrupted.Message, StringComparison.Ordinal);
        Assert.IsType(cause, interrupted.InnerException);
        Assert.Equal([1, 2, 0], Pages(cluster).Select(sent => (int)sent.Page));
        Assert.Single(cluster.Log, sent => sent.Kind == ClientCallKind.Query);
    }

    [Fact]
    public async Task A_node_that_stays_out_of_reach_interrupts_the_result_after_an_attempts_time_and_no_other_is_asked()
    {
        var cluster = new ScriptedCluster(sent => sent.Kind == ClientCallKind.Page ? Reply.NotSent() : Page(0, isLast: false));
        await using var client = new TestClient(cluster, options =>
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(10);
            options.Resilience.MaxRetryDelay = TimeSpan.FromSeconds(1); // it gives up when the time that is left is less than the next wait
        });
        var items = new List<int>();
        Task reading = AddItemsAsync(client, items);
        await client.AdvanceAndAwaitEndAsync(reading, notBefore: TimeSpan.FromSeconds(9), by: TimeSpan.FromSeconds(15));
        ResultInterruptedException interrupted = await Assert.ThrowsAsync<ResultInterruptedException>(() => reading);
        Assert.Equal(1, interrupted.ItemsDelivered);
        Assert.Contains("nobody listens", interrupted.Message, StringComparison.Ordinal);
        Assert.All(Pages(cluster), sent => Assert.Equal("a:1", sent.Address));
    }

    [Fact]
    public async Task A_result_that_fails_before_anything_was_delivered_fails_as_any_query()
    {
        var cluster = new ScriptedCluster(_ => Reply.Of(ReplyStatus.ResultTooLarge));
        await using var client = new TestClient(cluster);
        Assert.Equal("It is ResultTooLarge.", (await Assert.ThrowsAsync<ResultTooLargeException>(() => ItemsAsync(client))).Message);
    }

    [Fact]
    public async Task Whoever_stops_early_gives_the_result_up_without_waiting_for_the_page_under_way()
    {
        var never = new TaskCompletionSource<EndpointReply>();
        var cluster = new ScriptedCluster(sent => sent.Page == 1 ? never.Task : Task.FromResult(Page(sent.Page, isLast: false)));
        await using var client = new TestClient(cluster);
        await foreach (ReplyBuffer page in Query(client))
        {
            page.Dispose();
            break;
        }

        Assert.Equal([1, 0], Pages(cluster).Select(sent => (int)sent.Page));
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_wait_for_a_page_with_that_token()
    {
        var never = new TaskCompletionSource<EndpointReply>();
        var cluster = new ScriptedCluster(sent => sent.Page == 1 ? never.Task : Task.FromResult(Page(sent.Page, isLast: false)));
        await using var client = new TestClient(cluster);
        using var source = new CancellationTokenSource();
        await using IAsyncEnumerator<ReplyBuffer> pages = Query(client, source.Token).GetAsyncEnumerator();
        Assert.True(await pages.MoveNextAsync());
        ValueTask<bool> next = pages.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await source.CancelAsync();
        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next)).CancellationToken);
        Assert.Equal([1, 0], Pages(cluster).Select(sent => (int)sent.Page));
    }

    [Fact]
    public async Task Bytes_that_are_no_page_are_refused_by_name()
    {
        var cluster = new ScriptedCluster(sent => sent.Page == 1 ? Reply.Ok("no array") with { Cursor = Cursor } : Page(0, isLast: false));
        await using var client = new TestClient(cluster);
        await Assert.ThrowsAsync<InvalidReplyException>(() => ItemsAsync(client));
    }

    private static IAsyncEnumerable<ReplyBuffer> Query(TestClient client, CancellationToken cancellationToken = default) =>
        client.Client.Machine().QueryPagesAsync(TestClient.Request("q"), ReadConsistency.Linearizable, cancellationToken);

    private static async Task<int[]> ItemsAsync(TestClient client)
    {
        var items = new List<int>();
        await AddItemsAsync(client, items);
        return [.. items];
    }

    private static async Task AddItemsAsync(TestClient client, List<int> items)
    {
        await foreach (ReplyBuffer page in Query(client))
        {
            using (page)
                items.Add(ItemOf(page));
        }
    }

    private static int ItemOf(in ReplyBuffer page)
    {
        var reader = new MessagePackReader(page.Bytes);
        Assert.Equal(1, reader.ReadArrayHeader());
        return reader.ReadInt32();
    }

    private static (string Address, ulong Cursor, uint Page)[] Pages(ScriptedCluster cluster) =>
        [.. cluster.Log.Where(sent => sent.Kind == ClientCallKind.Page).Select(sent => (sent.Address, sent.Cursor, sent.Page))];

    private static EndpointReply Page(uint number, bool isLast)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        writer.WriteArrayHeader(1);
        writer.Write(number);
        writer.Flush();
        return new EndpointReply { Status = ReplyStatus.Ok, Body = ReplyBuffer.Copy(bytes.WrittenSpan), Index = 9, Group = 3, Epoch = 1, Cursor = isLast ? 0 : Cursor };
    }
}
