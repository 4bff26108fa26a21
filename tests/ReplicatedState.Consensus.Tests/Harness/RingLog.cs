namespace ReplicatedState.Consensus.Tests.Harness;

/// <summary>A log of the last few thousand entries that allocates nothing when it is written.</summary>
internal sealed class RingLog : ILogReader
{
    private readonly Entry[] _ring = new Entry[4096];

    public ulong FirstIndex => 2;

    public ulong LastIndex { get; private set; } = 1;

    public LogPosition Base => new(1, 1);

    public SnapshotMeta Snapshot { get; } = new(1, 1, Configuration.Of([new RaftId(1), new RaftId(2), new RaftId(3)]), 1, 1);

    public ulong TermAt(ulong index) => index == 1 ? 1 : _ring[index % 4096].Term;

    public int Read(ulong from, Span<Entry> into, long bytesMax)
    {
        int count = 0;
        for (; count < into.Length && from + (ulong)count <= LastIndex; count++)
            into[count] = _ring[(from + (ulong)count) % 4096];
        return count;
    }

    public void Write(Persist operation)
    {
        foreach (Entry entry in operation.Entries)
        {
            _ring[entry.Index % 4096] = entry;
            LastIndex = entry.Index;
        }
    }
}
