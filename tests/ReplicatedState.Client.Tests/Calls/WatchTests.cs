using System.Buffers;
using MessagePack;
using ReplicatedState.Client.Tests.Scripted;

namespace ReplicatedState.Client.Tests.Calls;

public sealed class WatchTests
{
    private const uint EventId = 5;

    [Fact]
    public async Task A_watch_asks_the_leader_where_now_is_and_then_any_node_for_what_comes()
    {
        int calls = 0;
        var cluster = new ScriptedCluster(_ => ++calls switch
        {
            1 => Reply.NotLeader("b:1"),
            2 => Page(10, 0),
            3 => Page(12, 0, (10, 0, "x"), (11, 3, "y")),
            _ => Page(13, 0, (12, 0, "z")),
        });
        await using var client = new TestClient(cluster);
        Assert.Equal(["x", "y", "z"], (await TakeAsync(client, EventPosition.Now, 3)).Select(found => found.Value));
        Assert.Equal(["a:1", "b:1", "a:1", "a:1"], cluster.Log.Select(sent => sent.Address));
        Assert.All(cluster.Log, sent => Assert.Equal(ClientCallKind.Watch, sent.Kind));
    }

    [Fact]
    public async Task A_page_that_is_lost_is_asked_for_again_elsewhere_from_the_same_position()
    {
        int calls = 0;
        var cluster = new ScriptedCluster(_ => Interlocked.Increment(ref calls) switch
        {
            1 => Page(11, 0, (10, 0, "x")),
            2 => Reply.Lost(),
            3 => Reply.Of(ReplyStatus.NodeStopped),
            _ => Page(12, 0, (11, 0, "y")),
        });
        await using var client = new TestClient(cluster);
        Assert.Equal(["x", "y"], (await TakeAsync(client, EventPosition.First, 2)).Select(found => found.Value));
        Sent[] log = [.. cluster.Log];
        Assert.Equal(["a:1", "a:1", "b:1", "c:1"], log.Select(sent => sent.Address));
        Assert.Single(log.Skip(1).Select(sent => sent.Payload).Distinct());
        Assert.NotEqual(log[0].Payload, log[1].Payload);
    }

    [Fact]
    public async Task A_watch_that_cannot_begin_ends_like_a_query_and_one_that_has_begun_outlives_every_outage()
    {
        int calls = 0;
        bool isUp = false;
        var cluster = new ScriptedCluster(_ => !isUp ? Reply.NotSent() : Page(11 + (ulong)Interlocked.Increment(ref calls), 0, (10 + (ulong)calls, 0, $"{calls}")));
        await using var client = new TestClient(cluster, options => options.CallTimeout = TimeSpan.FromSeconds(30));
        Task<List<MachineEvent<string>>> never = TakeAsync(client, EventPosition.First, 1);
        await client.AdvanceUntilEndAsync(never);
        await Assert.ThrowsAsync<ClusterUnreachableException>(() => never);

        isUp = true;
        await using IAsyncEnumerator<MachineEvent<string>> watch = Watch(client, EventPosition.First).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        isUp = false;
        int sent = cluster.Log.Count;
        Task<bool> next = watch.MoveNextAsync().AsTask();
        DateTimeOffset down = client.Time.GetUtcNow();
        await client.AdvanceUntilAsync(() => client.Time.GetUtcNow() - down > TimeSpan.FromMinutes(5) && cluster.Log.Count > sent + 30);
        Assert.False(next.IsCompleted);
        isUp = true;
        await client.AdvanceUntilEndAsync(next);
        Assert.True(await next);
        Assert.Equal("2", watch.Current.Value);
    }

    [Fact]
    public async Task A_watch_that_has_begun_pauses_between_its_questions_in_an_outage_though_retries_are_off()
    {
        int calls = 0;
        var cluster = new ScriptedCluster(_ => Interlocked.Increment(ref calls) == 1 ? Page(11, 0, (10, 0, "x")) : Reply.NotSent());
        await using var client = new TestClient(cluster, options => options.Resilience.EnableRetry = false);
        using var end = new CancellationTokenSource();
        await using IAsyncEnumerator<MachineEvent<string>> watch = Watch(client, EventPosition.First, end.Token).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Task<bool> next = watch.MoveNextAsync().AsTask();
        Assert.Equal(2, calls); // and the clock stands still
        await client.AdvanceUntilAsync(() => Volatile.Read(ref calls) > 4);
        Assert.False(next.IsCompleted);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Whoever_is_too_far_behind_is_told_from_where_on_events_are_kept()
    {
        var cluster = new ScriptedCluster(_ => Reply.Of(ReplyStatus.TooFarBehind, "1.0.77.3"));
        await using var client = new TestClient(cluster);
        TooFarBehindException error = await Assert.ThrowsAsync<TooFarBehindException>(() => TakeAsync(client, EventPosition.First, 1));
        Assert.Equal(new EventPosition(1, 0, 77, 3), error.Oldest);
        Assert.Single(cluster.Log);
    }

    [Fact]
    public async Task Cancelling_ends_a_watch_that_waits_and_disposing_the_client_does_too()
    {
        var cluster = new ScriptedCluster(async _ =>
        {
            await Task.Delay(Timeout.Infinite);
            return Reply.Ok();
        });
        await using var client = new TestClient(cluster);
        using var end = new CancellationTokenSource();
        Task<List<MachineEvent<string>>> watch = TakeAsync(client, EventPosition.First, 1, end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        await client.Client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => TakeAsync(client, EventPosition.First, 1));
    }

    [Theory]
    [InlineData("C0")]
    [InlineData("90")]
    [InlineData("920100FF")]
    [InlineData("930B009309000001")]
    [InlineData("930B00940A0000C1")]
    [InlineData("940C00940B0000A178940A0000A179")]
    [InlineData("930A00940B0000A178")]
    public async Task A_page_that_makes_no_sense_ends_the_watch(string page)
    {
        var cluster = new ScriptedCluster(_ => new EndpointReply { Status = ReplyStatus.Ok, Body = ReplyBuffer.Copy(Convert.FromHexString(page)), Group = 1 });
        await using var client = new TestClient(cluster);
        await Assert.ThrowsAsync<InvalidReplyException>(() => TakeAsync(client, EventPosition.First, 1));
    }

    private static IAsyncEnumerable<MachineEvent<string>> Watch(TestClient client, EventPosition from, CancellationToken cancellationToken = default) =>
        EventWatch.WatchAsync(client.Client.Machine(), EventId, "texts", static (ref MessagePackReader reader) => reader.ReadString()!, from, cancellationToken);

    private static async Task<List<MachineEvent<string>>> TakeAsync(TestClient client, EventPosition from, int count, CancellationToken cancellationToken = default)
    {
        var seen = new List<MachineEvent<string>>();
        await foreach (MachineEvent<string> next in Watch(client, from, cancellationToken))
        {
            seen.Add(next);
            if (seen.Count == count)
                break;
        }

        return seen;
    }

    private static EndpointReply Page(ulong nextIndex, int nextOrdinal, params (ulong Index, int Ordinal, string Text)[] events)
    {
        var page = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(page);
        writer.WriteArrayHeader(2 + events.Length);
        writer.Write(nextIndex);
        writer.Write(nextOrdinal);
        foreach ((ulong index, int ordinal, string text) in events)
        {
            writer.WriteArrayHeader(4);
            writer.Write(index);
            writer.Write(ordinal);
            writer.Write(1_000L);
            writer.Write(text);
        }

        writer.Flush();
        return new EndpointReply { Status = ReplyStatus.Ok, Body = ReplyBuffer.Copy(page.WrittenSpan), Index = nextIndex - 1, Group = 1 };
    }
}
