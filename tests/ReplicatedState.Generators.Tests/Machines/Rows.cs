namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>A row of a table; all rows are marked with one number at a time.</summary>
public sealed record Row(int Number, long Mark, string Text);

/// <summary>A table that is read in pages, in every way that a query may give a sequence.</summary>
[ReplicatedStateMachine("rows")]
public sealed partial class Rows
{
    private static readonly TaskCompletionSource Never = new();
    [State] private readonly SortedDictionary<int, Row> _rows = [];

    [Command]
    public void Fill(int count, int letters)
    {
        for (int i = 0; i < count; i++)
            _rows[i] = new Row(i, 0, new string((char)('a' + (i % 26)), letters));
    }

    [Command]
    public void Mark(long mark)
    {
        foreach (int number in _rows.Keys.ToArray())
            _rows[number] = _rows[number] with { Mark = mark };
    }

    /// <summary>The rows from a number on.</summary>
    /// <param name="from">The number of the first.</param>
    [Query]
    public async IAsyncEnumerable<Row> All(int from = 0)
    {
        foreach (Row row in _rows.Values)
        {
            if (row.Number >= from)
                yield return row;
        }
    }

    [Query(Consistency = ConsistencyLevel.Local)]
    public IAsyncEnumerable<string?> Texts(params int[] numbers) => numbers.Select(number => _rows.GetValueOrDefault(number)?.Text).ToAsyncEnumerable();

    [Query]
    public IAsyncEnumerable<int>? Nothing() => null;

    [Query]
    public async IAsyncEnumerable<double> Halves(int count)
    {
        for (int i = 0; i < count; i++)
            yield return i / 2.0;
        throw new InvalidOperationException($"after {count / 2.0}");
    }

    [Query]
    public async IAsyncEnumerable<int> Refused()
    {
        yield return 1;
        throw new CommandRejectedException("no", "not today");
    }

#pragma warning disable RSM2009 // what becomes of those who wait is what the tests are about
    [Query]
    public async IAsyncEnumerable<int> Waiting(int after)
    {
        for (int i = 0; i < after; i++)
            yield return i;
        await Never.Task;
    }

    [Query]
    public async IAsyncEnumerable<int> WaitingAtItsEnd()
    {
        try
        {
            yield return 1;
            throw new InvalidOperationException("lost");
        }
        finally
        {
            await Never.Task;
        }
    }

    [Query]
    public async IAsyncEnumerable<int> Numbers(int count)
    {
        await Task.CompletedTask;
        await foreach (int number in Enumerable.Range(0, count).ToAsyncEnumerable())
            yield return number;
    }
#pragma warning restore RSM2009

    [Query]
    public IAsyncEnumerable<byte[]> Blocks(params int[] sizes) => sizes.Select(static size => new byte[size]).ToAsyncEnumerable();

    [Query]
    public int Count() => _rows.Count;
}
