namespace ReplicatedState.Runtime.Cursors;

/// <summary>Counts the memory of the pages that a node keeps, those of results that are still being made included. Any thread.</summary>
internal sealed class PageMemory(long bytesMax)
{
    private long _bytes;

    /// <summary>What is taken, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes so many bytes.</summary>
    /// <exception cref="OverloadedException">There are not so many left.</exception>
    public void Take(long bytes)
    {
        long taken = Interlocked.Add(ref _bytes, bytes);
        if (taken <= bytesMax)
            return;
        Interlocked.Add(ref _bytes, -bytes);
        throw new OverloadedException($"The node keeps {taken - bytes} bytes of results that their clients have not taken yet, and may keep {bytesMax}: there is no room for {bytes} more.");
    }

    /// <summary>Gives them back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
