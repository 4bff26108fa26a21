namespace ReplicatedState.Pages;

/// <summary>Takes the items of an asynchronous sequence without waiting: what a query gives has to be there, because the machine's state is only its own while it runs.</summary>
/// <typeparam name="T">The items.</typeparam>
public sealed class SynchronousItems<T> : IDisposable
{
    private readonly string _call;
    private IAsyncEnumerator<T>? _items;

    /// <summary>Begins a sequence.</summary>
    /// <param name="items">What the query's method returned.</param>
    /// <param name="call">How the query is named in errors.</param>
    /// <exception cref="InvalidOperationException">The method returned null.</exception>
    public SynchronousItems(IAsyncEnumerable<T>? items, string call)
    {
        _call = call;
        _items = (items ?? throw new InvalidOperationException($"{call} returned null instead of a sequence.")).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Gets the next item; false at the end.</summary>
    /// <exception cref="InvalidOperationException">The sequence would have to be waited for.</exception>
    public bool TryNext(out T item)
    {
        IAsyncEnumerator<T> items = _items!;
        ValueTask<bool> next = items.MoveNextAsync();
        if (!next.IsCompleted)
        {
            // What is on its way can't be stopped and mustn't be disposed of: it is left behind, and goes nowhere.
            _items = null;
            throw Waits();
        }

        bool isThere = next.GetAwaiter().GetResult();
        item = isThere ? items.Current : default!;
        return isThere;
    }

    /// <summary>Ends the sequence, be it at its end or before.</summary>
    /// <exception cref="InvalidOperationException">Its end would have to be waited for.</exception>
    public void Dispose()
    {
        if (_items is not { } items)
            return;
        _items = null;
        ValueTask ending = items.DisposeAsync();
        if (!ending.IsCompleted)
            throw Waits();
        ending.GetAwaiter().GetResult();
    }

    private InvalidOperationException Waits() =>
        new($"{char.ToUpperInvariant(_call[0])}{_call[1..]} awaits something that is not there yet, and a query can't wait: it is answered from one state of the machine, which goes on as soon as the query is done.");
}
