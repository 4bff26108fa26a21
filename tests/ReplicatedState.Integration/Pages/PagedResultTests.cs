using ReplicatedState.Client;

namespace ReplicatedState.Integration.Pages;

public sealed class PagedResultTests
{
    private const int Rows = 12_000;
    private const int Letters = 400;

    [Fact]
    public async Task All_items_are_of_one_applied_index_while_commands_run_whoever_is_asked()
    {
        await using var nodes = new TableTrio();
        await nodes.StartAsync();
        await using ReplicatedStateClient client = nodes.Connect();
        ITableClient table = TableTrio.TableOf(client);
        await table.FillAsync(Rows, Letters);
        using var stop = new CancellationTokenSource();
        Task marking = MarkAsync(table, stop.Token);
        try
        {
            for (int node = 0; node < 3; node++)
            {
                await using ReplicatedStateClient near = nodes.Connect(node);
                foreach (ITableClient reader in new[] { TableTrio.TableOf(near), nodes.InProcess(node) })
                {
                    long before = await reader.MarkedAsync();
                    Assert.InRange(await ReadAsync(reader.RowsAsync()), before, long.MaxValue);
                    await ReadAsync(reader.RowsAsync(ReadConsistency.Local));
                    await ReadAsync(reader.RowsAsync(ReadConsistency.Session));
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await marking;
        }
    }

    [Fact]
    public async Task A_change_of_leaders_interrupts_nothing_as_long_as_the_asked_node_lives()
    {
        await using var nodes = new TableTrio();
        await nodes.StartAsync();
        await using ReplicatedStateClient client = nodes.Connect();
        ITableClient table = TableTrio.TableOf(client);
        await table.FillAsync(Rows, Letters);
        await table.MarkAsync();
        int before = await nodes.LeaderAsync();
        int after = (before + 1) % 3;
        int number = 0;
        await foreach (Row row in table.RowsAsync())
        {
            if (number == 10)
            {
                await nodes.Admin(before).TransferLeadershipAsync(TableTrio.NameOf(after), "table");
                Assert.Equal(2, await table.MarkAsync());
            }

            Assert.Equal((number++, 1L), (row.Number, row.Mark));
        }

        Assert.Equal(Rows, number);
        Assert.Equal(after, await nodes.LeaderAsync());
    }

    [Fact]
    public async Task A_node_that_goes_away_midway_interrupts_its_results_and_the_query_can_be_asked_again()
    {
        await using var nodes = new TableTrio();
        await nodes.StartAsync();
        await using ReplicatedStateClient all = nodes.Connect();
        ITableClient table = TableTrio.TableOf(all);
        await table.FillAsync(Rows, Letters);
        int lost = (await nodes.LeaderAsync() + 1) % 3;
        await using ReplicatedStateClient client = nodes.Connect(lost, options => options.AttemptTimeout = TimeSpan.FromSeconds(2));
        int number = 0;
        ResultInterruptedException interrupted = await Assert.ThrowsAsync<ResultInterruptedException>(async () =>
        {
            await foreach (Row row in TableTrio.TableOf(client).RowsAsync(ReadConsistency.Local))
            {
                Assert.Equal(number++, row.Number);
                if (number == 1000)
                    await nodes.StopAsync(lost);
            }
        });
        Assert.InRange(number, 1000, Rows - 1);
        Assert.Equal(number, interrupted.ItemsDelivered);
        await ReadAsync(table.RowsAsync());
    }

    [Fact]
    public async Task Whoever_stops_early_frees_what_the_node_keeps()
    {
        await using var nodes = new TableTrio();
        await nodes.StartAsync();
        await using ReplicatedStateClient client = nodes.Connect();
        await TableTrio.TableOf(client).FillAsync(Rows, Letters);
        foreach (ITableClient table in new[] { TableTrio.TableOf(client), nodes.InProcess(0) })
        {
            // Begun before and left alone, so that time would take it first.
            await using IAsyncEnumerator<Row> held = table.RowsAsync().GetAsyncEnumerator();
            Assert.True(await held.MoveNextAsync());
            await foreach (Row row in table.RowsAsync())
            {
                Assert.Equal(2, nodes.OpenResults);
                if (row.Number == 2000)
                    break;
            }

            await Eventually.HoldsAsync("the result to be let go", () => Task.FromResult(nodes.OpenResults == 1), () => $"{nodes.OpenResults} are open");
            int number = 1;
            while (await held.MoveNextAsync())
                Assert.Equal(number++, held.Current.Number);
            Assert.Equal(Rows, number);
            await Eventually.HoldsAsync("the result to be let go", () => Task.FromResult(nodes.OpenResults == 0), () => $"{nodes.OpenResults} are open");
        }
    }

    /// <summary>Reads all rows, which have to be there, in order and of one mark: the mark.</summary>
    private static async Task<long> ReadAsync(IAsyncEnumerable<Row> rows)
    {
        int number = 0;
        long? mark = null;
        await foreach (Row row in rows)
        {
            Assert.Equal(number++, row.Number);
            Assert.Equal(mark ??= row.Mark, row.Mark);
            Assert.Equal(Letters, row.Text.Length);
        }

        Assert.Equal(Rows, number);
        return mark!.Value;
    }

    private static async Task MarkAsync(ITableClient table, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await table.MarkAsync(CancellationToken.None);
    }
}
