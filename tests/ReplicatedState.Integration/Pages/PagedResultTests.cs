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
