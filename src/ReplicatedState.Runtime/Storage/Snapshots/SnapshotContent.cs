using System.Buffers;
using System.Buffers.Binary;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The content of a snapshot file as a sequence of bytes of which only the part that is being read is in memory: a state is restored without being held twice.</summary>
/// <remarks>
/// A segment is a chunk of the file, read and checked when somebody first looks at it, and forgotten when a few others have been read after it; looking again reads it again. One thread
/// at a time.
/// </remarks>
public sealed class SnapshotContent : IDisposable
{
    /// <summary>More than one, so that a value which lies across a border doesn't make a reader read both sides again and again.</summary>
    private const int ChunksKept = 4;

    private readonly IStorageFile _file;
    private readonly Queue<Chunk> _loaded = new(ChunksKept);

    internal SnapshotContent(IStorageFile file)
    {
        _file = file;
        try
        {
            Bytes = FindChunks();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The content. Using it throws <see cref="InvalidSnapshotException"/> where the file is damaged. Not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlySequence<byte> Bytes { get; }

    /// <summary>What is held of the content at the moment.</summary>
    internal long BytesInMemory => _loaded.Sum(static chunk => (long)chunk.Memory.Length);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private ReadOnlySequence<byte> FindChunks()
    {
        Span<byte> preamble = stackalloc byte[SnapshotFormat.PreambleBytes];
        ReadExactly(0, preamble);
        long position = SnapshotFormat.PreambleBytes + BinaryPrimitives.ReadUInt32LittleEndian(preamble[8..]);
        long end = _file.Length - SnapshotFormat.FooterBytes;
        Segment? first = null, last = null;
        Span<byte> header = stackalloc byte[SnapshotFormat.ChunkHeaderBytes];
        while (position < end)
        {
            ReadExactly(position, header);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (length is 0 or > SnapshotFormat.ChunkBytesMax || position + header.Length + length > end)
                throw SnapshotFile.Damaged(_file.Path, position, $"a chunk claims {length} bytes");
            var chunk = new Chunk(this, position + header.Length, (int)length, BinaryPrimitives.ReadUInt32LittleEndian(header[4..]));
            last = last is null ? first = new Segment(chunk.Memory, 0) : last.Append(chunk.Memory);
            position += header.Length + length;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private void ReadExactly(long position, Span<byte> into)
    {
        if (_file.Read(position, into) != into.Length)
            throw SnapshotFile.Damaged(_file.Path, position, "the file ends early");
    }

    private byte[] Load(Chunk chunk, long position, int length, uint checksum)
    {
        byte[] bytes = new byte[length];
        ReadExactly(position, bytes);
        if (Crc32C.Of(bytes) != checksum)
            throw SnapshotFile.Damaged(_file.Path, position, "a chunk's checksum doesn't fit");
        if (_loaded.Count == ChunksKept)
            _loaded.Dequeue().Forget();
        _loaded.Enqueue(chunk);
        return bytes;
    }

    private sealed class Chunk(SnapshotContent content, long position, int length, uint checksum) : MemoryManager<byte>
    {
        private byte[]? _bytes;

        // The base class would look at the bytes to know how many there are.
        public override Memory<byte> Memory => CreateMemory(length);

        /// <summary>Whoever looks at the bytes keeps them; they are never used for another chunk.</summary>
        public void Forget() => _bytes = null;

        public override Span<byte> GetSpan() => _bytes ??= content.Load(this, position, length, checksum);

        public override MemoryHandle Pin(int elementIndex = 0) => GetSpan().ToArray().AsMemory(elementIndex).Pin();

        public override void Unpin()
        {
            // What was pinned is a copy with a handle of its own.
        }

        protected override void Dispose(bool disposing) => Forget();
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(Memory<byte> chunk, long runningIndex)
        {
            Memory = chunk;
            RunningIndex = runningIndex;
        }

        public Segment Append(Memory<byte> chunk)
        {
            var next = new Segment(chunk, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
