namespace ReplicatedState.Runtime.Cursors;

/// <summary>How much a node keeps of results that their clients have not taken yet.</summary>
internal static class CursorLimits
{
    /// <summary>The most bytes of all items of one result.</summary>
    public const long ResultBytesMax = 64L * 1024 * 1024;

    /// <summary>The most bytes of memory that the pages of all results take.</summary>
    public const long TotalBytesMax = 256L * 1024 * 1024;

    /// <summary>The most results.</summary>
    public const int CursorsMax = 1024;

    /// <summary>How long a result is kept after its client was last heard of, in milliseconds.</summary>
    public const long TimeToLiveMs = 30_000;

    /// <summary>The bytes of a page, where the transport takes that much.</summary>
    public const int PageBytes = 256 * 1024;
}
