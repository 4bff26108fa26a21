using System.Buffers;

namespace ReplicatedState.Pages;

/// <summary>What a query that gives a sequence writes its items into, one after another: cuts them into pages. Not safe for concurrent use.</summary>
/// <remarks>An item is written in pieces, as into any <see cref="IBufferWriter{T}"/>, and ended by <see cref="EndItem"/>: no item is ever torn between two pages.</remarks>
public sealed class PageWriter : IBufferWriter<byte>, IDisposable
{
    private readonly ArrayBufferWriter<byte> _item = new();
    private readonly Queue<ResultPage> _pages = new();
    private readonly PageLimits _limits;
    private readonly Action<int>? _onPage;
    private ResultPage? _open;
    private long _bytes;

    /// <summary>A writer without any item.</summary>
    /// <param name="limits">How large what is written may become.</param>
    /// <param name="onPage">Told of the memory of each page but the last, in bytes, before the page is kept: throws where there is no room for it.</param>
    public PageWriter(PageLimits limits, Action<int>? onPage = null)
    {
        _limits = limits;
        _onPage = onPage;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _item.Advance(count);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => _item.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => _item.GetSpan(sizeHint);

    /// <summary>What was written since the last call is one item.</summary>
    /// <exception cref="ResultTooLargeException">The item, or the whole result, is larger than the limits allow.</exception>
    public void EndItem()
    {
        ReadOnlySpan<byte> item = _item.WrittenSpan;
        if (item.Length > _limits.ItemBytesMax)
            throw new ResultTooLargeException($"An item of the result has {item.Length} bytes; a reply carries at most {_limits.ItemBytesMax} (transport.max_message_size).");
        _bytes += item.Length;
        if (_bytes > _limits.ResultBytesMax)
            throw new ResultTooLargeException($"The result has more than {_limits.ResultBytesMax} bytes, the most that a node keeps of one: it had reached {_bytes}.");
        if (_open is { } full && full.Length + item.Length > _limits.PageBytes)
        {
            _onPage?.Invoke(full.Size);
            _pages.Enqueue(full.Close());
            _open = null;
        }

        _open ??= new ResultPage(item.Length);
        _open.Add(item);
        _item.ResetWrittenCount();
    }

    /// <summary>The pages in their order, at least one. They are the caller's from now on, and the writer is of no more use.</summary>
    public Queue<ResultPage> TakePages()
    {
        var pages = new Queue<ResultPage>(_pages);
        pages.Enqueue((_open ?? new ResultPage(0)).Close());
        _pages.Clear();
        _open = null;
        return pages;
    }

    /// <summary>Gives up the pages that nobody took.</summary>
    public void Dispose()
    {
        while (_pages.TryDequeue(out ResultPage? page))
            page.Dispose();
        _open?.Dispose();
        _open = null;
    }
}
