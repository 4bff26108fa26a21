using System.Globalization;
using MessagePack;
using ReplicatedState.Generators.Tests.Machines;
using ReplicatedState.Pages;
using ReplicatedState.Serialization;

namespace ReplicatedState.Generators.Tests;

public sealed class PagedQueryTests
{
    private readonly LocalChannel<Rows> _channel = new();
    private readonly RowsClient _client;
    private readonly InMemoryRowsClient _memory = new();

    public PagedQueryTests() => _client = new RowsClient(_channel);

    [Fact]
    public async Task A_sequence_arrives_in_order_and_whole_however_many_pages_it_takes()
    {
        await _client.FillAsync(5_000, letters: 300);
        await _client.MarkAsync(7);
        List<Row> rows = await _client.AllAsync().ToListAsync();
        Assert.Equal(Enumerable.Range(0, 5_000), rows.Select(row => row.Number));
        Assert.All(rows, row => Assert.Equal((7, 300), (row.Mark, row.Text.Length)));
        Assert.Equal(["aaa"], (await _client.AllAsync(from: 4_999).ToListAsync()).Select(row => row.Text[..3].Replace((char)('a' + (4_999 % 26)), 'a')));
    }

    [Fact]
    public async Task Iterators_and_converted_sequences_are_answered_alike_and_may_be_empty()
    {
        await _client.FillAsync(3, 1);
        Assert.Equal(["b", null, "a"], await _client.TextsAsync(1, 9, 0).ToListAsync());
        Assert.Equal(ConsistencyLevel.Local, _channel.LastConsistency.Level);
        Assert.Empty(await _client.TextsAsync([], ReadConsistency.Linearizable).ToListAsync());
        Assert.Equal(ConsistencyLevel.Linearizable, _channel.LastConsistency.Level);
        Assert.Equal([0, 1, 2], await _client.NumbersAsync(3).ToListAsync());
    }

    [Fact]
    public async Task The_query_is_asked_each_time_that_its_result_is_enumerated()
    {
        IAsyncEnumerable<Row> rows = _memory.AllAsync();
        Assert.Empty(await rows.ToListAsync());
        await _memory.FillAsync(2, 1);
        Assert.Equal(2, await rows.CountAsync());
    }

    [Fact]
    public async Task What_a_sequence_throws_is_the_end_of_the_query_and_nothing_of_it_is_delivered()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = foreign;
        try
        {
            int delivered = 0;
            CommandFailedException failure = await Assert.ThrowsAsync<CommandFailedException>(async () =>
            {
                await foreach (double half in _memory.HalvesAsync(1_000_003))
                    delivered++;
            });
            Assert.Equal(("System.InvalidOperationException", "after 500001.5", 0), (failure.ExceptionType, failure.Message, delivered));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal("no", (await Assert.ThrowsAsync<CommandRejectedException>(async () => await _memory.RefusedAsync().ToListAsync())).RejectionCode);
        Assert.Contains("the query 'Nothing' returned null", (await Assert.ThrowsAsync<CommandFailedException>(async () => await _memory.NothingAsync().ToListAsync())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_sequence_that_has_to_be_waited_for_is_refused_by_name(int after)
    {
        CommandFailedException failure = await Assert.ThrowsAsync<CommandFailedException>(async () => await _memory.WaitingAsync(after).ToListAsync());
        Assert.Equal("System.InvalidOperationException", failure.ExceptionType);
        Assert.StartsWith("The query 'Waiting' awaits something that is not there yet, and a query can't wait", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<CommandFailedException>(async () => await _memory.WaitingAtItsEndAsync().ToListAsync());
        Assert.StartsWith("The query 'WaitingAtItsEnd' awaits", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_and_results_beyond_the_bounds_are_refused_with_their_size()
    {
        ResultTooLargeException item = await Assert.ThrowsAsync<ResultTooLargeException>(async () => await _memory.BlocksAsync(5_000_000).ToListAsync());
        Assert.Contains("5000005 bytes; a reply carries at most 4194304", item.Message, StringComparison.Ordinal);
        int[] sizes = [.. Enumerable.Repeat(1_000_000, 68)];
        ResultTooLargeException whole = await Assert.ThrowsAsync<ResultTooLargeException>(async () => await _memory.BlocksAsync(sizes).ToListAsync());
        Assert.Contains("more than 67108864 bytes", whole.Message, StringComparison.Ordinal);
        Assert.Equal([3, 1_000_000, 0], (await _memory.BlocksAsync(3, 1_000_000, 0).ToListAsync()).Select(block => block.Length));
    }

    [Fact]
    public async Task Both_ways_of_cancelling_end_the_enumeration()
    {
        await _memory.FillAsync(3_000, 500);
        foreach (bool byArgument in new[] { true, false })
        {
            using var source = new CancellationTokenSource();
            int seen = 0;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                IRowsClient client = _memory.WithSession(); // by the interface, as most callers have it
                IAsyncEnumerable<Row> rows = client.AllAsync(cancellationToken: byArgument ? source.Token : CancellationToken.None);
                await foreach (Row row in rows.WithCancellation(byArgument ? CancellationToken.None : source.Token))
                {
                    if (++seen == 10)
                        await source.CancelAsync();
                }
            });
            Assert.InRange(seen, 10, 2_999);
        }
    }

    [Fact]
    public async Task A_query_that_answers_in_pages_never_passes_a_part_for_the_whole()
    {
        IStateMachineChannel channel = new InMemoryMachine(StateMachineDefinition.Of<Rows>()).Channel;
        UnknownCommandException refused = await Assert.ThrowsAsync<UnknownCommandException>(async () => await channel.QueryAsync(Call(channel, "All"), ReadConsistency.Local, CancellationToken.None));
        Assert.Equal("The query 'All' of the machine 'rows' answers in pages, and was asked for one result: the client was made for another version of the machine.", refused.Message);
        refused = await Assert.ThrowsAsync<UnknownCommandException>(async () => await channel.QueryPagesAsync(Call(channel, "Count"), ReadConsistency.Local, CancellationToken.None).CountAsync());
        Assert.EndsWith("that answers in pages.", refused.Message, StringComparison.Ordinal);
        Assert.Throws<UnknownCommandException>(() =>
        {
            var reader = new MessagePackReader(Call(channel, "Count").Written);
            using var pages = new PageWriter(PageLimits.Default);
            ((IStateMachine)new Notes()).QueryPages(ref reader, pages);
        });
    }

    private static RequestBuffer Call(IStateMachineChannel channel, string query)
    {
        RequestBuffer request = channel.RentRequest();
        var writer = new MessagePackWriter(request);
        CallFormat.WriteHeader(ref writer, StateMachineDefinition.Of<Rows>().Manifest.Queries.Single(q => q.Name == query).Id, argumentCount: 0);
        writer.Flush();
        return request;
    }
}
