using ReplicatedState.Consensus;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>The keys of the tree: a slot of 15 bits, which stands for a group on this node, above 48 bits of index. Slot 0 holds the store's own rows.</summary>
internal static class LogKey
{
    public const int SlotsMax = 1 << 15;
    public const ulong IndexMax = (1UL << IndexBits) - 1;
    private const int IndexBits = 48;
    private const int RowBits = 8;

    /// <summary>The first key that is no row of the store's own.</summary>
    public const long FirstEntry = 1L << IndexBits;

    public static long Entry(int slot, ulong index)
    {
        Invariant.Holds(index <= IndexMax, "an index has at most 48 bits");
        return ((long)slot << IndexBits) | (long)index;
    }

    public static long Row(int slot, RecordType row) => ((long)slot << RowBits) | (byte)row;

    public static int SlotOf(long key) => (int)(key >> IndexBits);

    public static ulong IndexOf(long key) => (ulong)key & IndexMax;

    public static (int Slot, RecordType Row) RowOf(long key) => ((int)(key >> RowBits), (RecordType)(byte)key);
}
