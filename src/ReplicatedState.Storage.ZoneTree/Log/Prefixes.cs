namespace ReplicatedState.Storage.ZoneTree;

/// <summary>The first live index of each slot: rows below it count as deleted, everywhere in ZoneTree, without a write for each.</summary>
/// <remarks>
/// Published only when the row that says so is durable: a merge drops such rows for good, and after a crash the old base must still find its entries. Read by ZoneTree's merge
/// thread and by readers while the storage thread publishes.
/// </remarks>
internal sealed class Prefixes
{
    private volatile ulong[] _firstLive = new ulong[64];

    /// <summary>Rows of the slot below this index are deleted from now on. Storage thread only.</summary>
    public void Publish(int slot, ulong firstLive)
    {
        ulong[] current = _firstLive;
        if (slot >= current.Length)
        {
            Array.Resize(ref current, Math.Max(slot + 1, current.Length * 2));
            current[slot] = firstLive;
            _firstLive = current;
            return;
        }

        Volatile.Write(ref current[slot], firstLive);
    }

    public bool IsDeleted(in long key, in byte[] value) => value.Length == 0 || IsBelow(key);

    /// <summary>True where every row from the first key to the last is deleted, so that a merge drops a whole part of a segment without looking into it.</summary>
    public bool IsRangeDeleted(in long firstKey, in byte[] firstValue, in long lastKey, in byte[] lastValue) =>
        LogKey.SlotOf(firstKey) == LogKey.SlotOf(lastKey) && IsBelow(lastKey);

    private bool IsBelow(long key)
    {
        ulong[] firstLive = _firstLive;
        int slot = LogKey.SlotOf(key);
        return slot != 0 && slot < firstLive.Length && LogKey.IndexOf(key) < Volatile.Read(ref firstLive[slot]);
    }
}
