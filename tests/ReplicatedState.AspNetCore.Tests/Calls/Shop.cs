namespace ReplicatedState.AspNetCore.Tests.Calls;

/// <summary>What is left of an article, and of which sale that is.</summary>
public sealed record Sale(string Article, long Left, long Number);

/// <summary>Articles and how many of each there are.</summary>
[ReplicatedStateMachine("shop")]
public sealed partial class Shop
{
    [State] private readonly SortedDictionary<string, long> _articles = new(StringComparer.Ordinal);
    [State] private long _sales;

    [Command]
    public void Receive(string article, long count) => _articles[article] = _articles.GetValueOrDefault(article) + count;

    [Command]
    public Sale Sell(string article, long count)
    {
        long left = _articles.GetValueOrDefault(article) - count;
        if (left < 0)
            throw new CommandRejectedException("too_few", $"There are {_articles.GetValueOrDefault(article)} of '{article}'.");
        _articles[article] = left;
        return new Sale(article, left, ++_sales);
    }

    [Command]
    public void Break() => throw new InvalidOperationException("broken");

    [Command]
    public void Fill(int count, int letters)
    {
        for (int i = 0; i < count; i++)
            _articles[$"{i:d4} {new string('x', letters)}"] = i;
    }

    [Query(Default = true)]
    public long Stock(string article) => _articles.GetValueOrDefault(article);

    [Query(Consistency = ConsistencyLevel.BoundedStaleness, MaxStalenessMs = 1_000)]
    public long Sales() => _sales;

    [Query]
    public async IAsyncEnumerable<string> Names()
    {
        foreach (string name in _articles.Keys)
            yield return name;
    }
}
