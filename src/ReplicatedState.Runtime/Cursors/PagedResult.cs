using System.Buffers;
using ReplicatedState.Pages;

namespace ReplicatedState.Runtime.Cursors;

/// <summary>What is left of a query's result behind its first page. Whoever has it disposes it, or opens a cursor on it. One thread at a time.</summary>
internal sealed class PagedResult : IDisposable
{
    private readonly PageAccount _account;
    private readonly Queue<ResultPage> _rest;
    private ResultPage? _current;

    private PagedResult(Queue<ResultPage> rest, PageAccount account, Func<string?> flaw)
    {
        _rest = rest;
        _account = account;
        Flaw = flaw;
    }

    /// <summary>Says why the state that the result was taken from turned out not to be trusted; null while it is.</summary>
    public Func<string?> Flaw { get; }

    /// <summary>Which page <see cref="Current"/> is; the first one, which the query's own reply brings, is 0.</summary>
    public uint Number { get; private set; }

    /// <summary>The page that was asked for last.</summary>
    public ReadOnlySpan<byte> Current => _current is null ? default : _current.Bytes.Span;

    /// <summary>True while pages follow the current one.</summary>
    public bool HasMore => _rest.Count > 0;

    /// <summary>Takes over all pages of a result and writes the first one; null where there are no others.</summary>
    /// <param name="pages">The pages; the account has taken the memory of all but the last.</param>
    /// <param name="account">What was taken.</param>
    /// <param name="flaw">See <see cref="Flaw"/>.</param>
    /// <param name="body">Gets the first page.</param>
    /// <exception cref="OverloadedException">There is no room for the last page: nothing was written, and nothing is kept.</exception>
    public static PagedResult? Begin(Queue<ResultPage> pages, PageAccount account, Func<string?> flaw, IBufferWriter<byte> body)
    {
        if (pages.Count == 1)
        {
            using ResultPage only = pages.Dequeue();
            body.Write(only.Bytes.Span);
            return null;
        }

        var result = new PagedResult(pages, account, flaw);
        try
        {
            account.Take(pages.Last().Size);
        }
        catch
        {
            result.Dispose();
            throw;
        }

        result._current = pages.Dequeue();
        body.Write(result.Current);
        result.Free();
        return result;
    }

    /// <summary>Goes on to the next page: whoever asks for it has the one before. There must be one.</summary>
    public void Advance()
    {
        Free();
        _current = _rest.Dequeue();
        Number++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _current?.Dispose();
        _current = null;
        while (_rest.TryDequeue(out ResultPage? page))
            page.Dispose();
        _account.Dispose();
    }

    private void Free()
    {
        if (_current is not { } page)
            return;
        _current = null;
        _account.Give(page.Size);
        page.Dispose();
    }
}
