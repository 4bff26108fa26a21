namespace ReplicatedState.Runtime.Cursors;

/// <summary>What one result has taken of the node's memory for pages. One thread at a time.</summary>
internal sealed class PageAccount(PageMemory memory) : IDisposable
{
    private long _bytes;

    /// <summary>Takes so many bytes.</summary>
    /// <exception cref="OverloadedException">There are not so many left.</exception>
    public void Take(int bytes)
    {
        memory.Take(bytes);
        _bytes += bytes;
    }

    /// <summary>Gives some back.</summary>
    public void Give(int bytes)
    {
        memory.Give(bytes);
        _bytes -= bytes;
    }

    /// <summary>Gives back whatever is left.</summary>
    public void Dispose()
    {
        memory.Give(_bytes);
        _bytes = 0;
    }
}
