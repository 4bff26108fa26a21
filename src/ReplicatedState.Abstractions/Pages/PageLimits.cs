namespace ReplicatedState.Pages;

/// <summary>How large the pages of a query's result may become, and all of them together.</summary>
/// <param name="PageBytes">A page has no more bytes than this, unless it holds a single item.</param>
/// <param name="ItemBytesMax">The most bytes of one item: a reply must carry it.</param>
/// <param name="ResultBytesMax">The most bytes of all items together.</param>
public readonly record struct PageLimits(int PageBytes, int ItemBytesMax, long ResultBytesMax)
{
    /// <summary>What holds where nobody says otherwise: pages of 256 KiB, items of 4 MiB, results of 64 MiB.</summary>
    public static PageLimits Default { get; } = new(256 * 1024, 4 * 1024 * 1024, 64L * 1024 * 1024);
}
