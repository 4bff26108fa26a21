using System.Buffers;
using System.Runtime.InteropServices;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;
using static ReplicatedState.Storage.Tests.Log.Operations;

namespace ReplicatedState.Storage.Tests.Snapshots;

public sealed class SnapshotContentTests
{
    private const int ChunkBytes = 256 * 1024;
    private readonly SimulatedDisk _disk = new(43);

    private SnapshotStore Store => new(_disk, "/data/snap");

    [Fact]
    public void A_decoder_reads_values_across_the_borders_of_chunks_and_holds_few_chunks_in_memory()
    {
        const int Values = 40_000;
        StoredSnapshot snapshot = Write(Values);
        using SnapshotContent content = Store.OpenContent(snapshot);
        Assert.True(content.Bytes.Length > 20 * ChunkBytes);
        var reader = new MessagePackReader(content.Bytes);
        long largest = 0;
        for (int i = 0; i < Values; i++)
        {
            Assert.Equal(TextOf(i), reader.ReadString());
            if (i % 4000 == 0)
                largest = Math.Max(largest, content.BytesInMemory);
        }

        Assert.True(reader.End);
        Assert.InRange(largest, 1, 4 * ChunkBytes);
    }

    [Fact]
    public void What_was_read_before_can_be_read_again_and_stays_valid_for_whoever_kept_it()
    {
        StoredSnapshot snapshot = Write(40_000);
        using SnapshotContent content = Store.OpenContent(snapshot);
        ReadOnlySpan<byte> kept = content.Bytes.FirstSpan[..100];
        byte[] before = kept.ToArray();
        byte[] once = content.Bytes.ToArray();
        Assert.Equal(before, kept.ToArray());
        Assert.Equal(once, content.Bytes.ToArray());
        Assert.Equal(once[(5 * ChunkBytes - 10)..(7 * ChunkBytes + 10)], content.Bytes.Slice((5 * ChunkBytes) - 10, (2 * ChunkBytes) + 20).ToArray());
        Assert.True(MemoryMarshal.TryGetMemoryManager(content.Bytes.First, out MemoryManager<byte>? manager));
        using MemoryHandle pinned = manager!.Pin(3);
        unsafe
        {
            Assert.Equal(once[3], *(byte*)pinned.Pointer);
        }
    }

    [Fact]
    public void A_chunk_that_is_damaged_after_the_file_was_checked_is_noticed_when_it_is_used()
    {
        StoredSnapshot snapshot = Write(40_000);
        using SnapshotContent content = Store.OpenContent(snapshot);
        using (IStorageFile file = _disk.Open(snapshot.Path, FileOpenMode.Existing))
            file.Write(snapshot.SizeBytes / 2, [1, 2, 3]);
        Assert.Contains("checksum", Assert.Throws<InvalidSnapshotException>(() => content.Bytes.ToArray()).Message, StringComparison.Ordinal);
    }

    private static string TextOf(int i) => new((char)('a' + (i % 26)), 100 + (i % 77));

    private StoredSnapshot Write(int values)
    {
        var header = new SnapshotHeader(Guid.Empty, new GroupId(2), Snapshot(10, 1), "bank", 1);
        using SnapshotWriter file = Store.Create(header);
        var writer = new MessagePackWriter(file);
        for (int i = 0; i < values; i++)
            writer.Write(TextOf(i));
        writer.Flush();
        return file.Complete();
    }
}
