using MessagePack;

namespace ReplicatedState.Events;

// What a watch is answered with: a page, an array of the place where the next page begins, as index and ordinal, and the events, each an array of index, ordinal, time and value.
internal sealed partial class EventLog
{
    /// <summary>A page closes before it has more events.</summary>
    public const int PageCountMax = 1_024;

    /// <summary>A page closes with the event that makes it so large.</summary>
    public const int PageBytesMax = 256 * 1024;

    internal const int PageHeaderCount = 2;
    internal const int PageEventPartsCount = 4;

    /// <summary>Whether there is an event of a kind at a place or behind it. Moves the place forward over those of other kinds.</summary>
    public bool TryFind(uint id, ref EventOffset from)
    {
        for (int at = Find(from); at < _count; at++)
        {
            ref LoggedEvent found = ref this[at];
            from = found.Offset;
            if (found.Id == id)
                return true;
            from = from.Next;
        }

        return false;
    }

    /// <summary>Writes the events of a kind from a place on, as many as fit.</summary>
    /// <param name="writer">Gets the page.</param>
    /// <param name="id">Which kind.</param>
    /// <param name="from">From where on; not before <see cref="Floor"/>.</param>
    /// <param name="applied">The last entry that the machine has applied.</param>
    public void WritePage(ref MessagePackWriter writer, uint id, EventOffset from, ulong applied)
    {
        int begin = Find(from);
        int end = begin;
        int count = 0;
        long bytes = 0;
        for (; end < _count && count < PageCountMax && bytes < PageBytesMax; end++)
        {
            if (this[end].Id != id)
                continue;
            count++;
            bytes += this[end].SizeBytes;
        }

        writer.WriteArrayHeader(PageHeaderCount + count);
        EventOffset next = end == _count ? Max(from, Max(End, new EventOffset(applied + 1, 0))) : this[end].Offset;
        writer.Write(next.Index);
        writer.Write(next.Ordinal);
        for (int at = begin; at < end; at++)
        {
            ref LoggedEvent written = ref this[at];
            if (written.Id != id)
                continue;
            writer.WriteArrayHeader(PageEventPartsCount);
            writer.Write(written.Offset.Index);
            writer.Write(written.Offset.Ordinal);
            writer.Write(written.TimeMs);
            writer.WriteRaw(written.Value.Span);
        }
    }

    private static EventOffset Max(EventOffset a, EventOffset b) => a > b ? a : b;
}
