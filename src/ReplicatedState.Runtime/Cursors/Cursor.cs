namespace ReplicatedState.Runtime.Cursors;

/// <summary>A result that its client takes page by page. Touched under its own lock.</summary>
/// <param name="Id">Drawn at random: nobody gets another's pages by mistake, not even after a restart.</param>
/// <param name="Result">The pages.</param>
/// <param name="Group">The group that was asked.</param>
/// <param name="Epoch">How often the cluster had been recovered by force.</param>
/// <param name="Index">The index that the state had applied.</param>
internal sealed record Cursor(ulong Id, PagedResult Result, uint Group, uint Epoch, ulong Index)
{
    /// <summary>When the client was last heard of, by the node's monotonic clock.</summary>
    public long UsedAtMs { get; set; }

    /// <summary>True when it was let go.</summary>
    public bool IsClosed { get; set; }
}
