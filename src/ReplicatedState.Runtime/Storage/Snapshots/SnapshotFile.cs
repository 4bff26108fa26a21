using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Reads a snapshot file and checks every byte of it: header and chunks by their CRC32C, the whole by the hash in the footer.</summary>
internal static class SnapshotFile
{
    /// <summary>Checks the whole file, a chunk at a time.</summary>
    /// <exception cref="InvalidSnapshotException">It is damaged or unfinished; the message names the file and the place.</exception>
    public static StoredSnapshot Verify(IDisk disk, string path)
    {
        using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new Reader(file, hash, file.Length - SnapshotFormat.FooterBytes);

        SnapshotHeader header = ReadHeader(reader);
        byte[] chunk = new byte[SnapshotFormat.ChunkBytesMax];
        ulong chunks = 0, contentBytes = 0;
        while (reader.Position < reader.End)
        {
            contentBytes += (ulong)CheckChunk(reader, chunk);
            chunks++;
        }

        byte[] footer = new byte[SnapshotFormat.FooterBytes];
        if (file.Read(reader.Position, footer) != footer.Length)
            throw Damaged(path, reader.Position, "the file ends early");
        ReadOnlySpan<byte> rest = footer.AsSpan(8);
        if (BinaryPrimitives.ReadUInt32LittleEndian(footer) != 0 || BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(4)) != Crc32C.Of(rest))
            throw Damaged(path, reader.Position, "the footer is damaged or missing");
        byte[] sha256 = hash.GetHashAndReset();
        if (BinaryPrimitives.ReadUInt64LittleEndian(rest) != chunks
            || BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]) != contentBytes
            || !rest[16..].SequenceEqual(sha256))
            throw Damaged(path, reader.Position, "the content isn't the one that the footer's hash was made of");
        return new StoredSnapshot(header, path, file.Length, ImmutableArray.Create(sha256));
    }

    /// <summary>What to throw where a file isn't what it was when it was finished.</summary>
    public static InvalidSnapshotException Damaged(string path, long offset, string why) => new(
        $"The snapshot is damaged: {path} at offset {offset}: {why}. Delete the file if an older snapshot and the log above it are there; "
        + "otherwise empty the data directory and let the node join again as a new member.");

    private static SnapshotHeader ReadHeader(Reader reader)
    {
        Span<byte> preamble = stackalloc byte[SnapshotFormat.PreambleBytes];
        reader.Fill(preamble, "preamble");
        if (BinaryPrimitives.ReadUInt64LittleEndian(preamble) != SnapshotFormat.Magic)
            throw Damaged(reader.Path, 0, "it doesn't begin like a snapshot of this format");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(preamble[8..]);
        if (length > SnapshotFormat.HeaderBytesMax)
            throw Damaged(reader.Path, 8, $"the header claims {length} bytes");
        byte[] body = new byte[length];
        reader.Fill(body, "header");
        if (Crc32C.Of(body) != BinaryPrimitives.ReadUInt32LittleEndian(preamble[12..]))
            throw Damaged(reader.Path, SnapshotFormat.PreambleBytes, "the header's checksum doesn't fit");
        try
        {
            return SnapshotFormat.DecodeHeader(body);
        }
        catch (FormatException error)
        {
            throw Damaged(reader.Path, SnapshotFormat.PreambleBytes, error.Message);
        }
    }

    private static int CheckChunk(Reader reader, byte[] chunk)
    {
        long at = reader.Position;
        Span<byte> chunkHeader = stackalloc byte[SnapshotFormat.ChunkHeaderBytes];
        reader.Fill(chunkHeader, "chunk");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunkHeader);
        if (length is 0 or > SnapshotFormat.ChunkBytesMax)
            throw Damaged(reader.Path, at, $"a chunk claims {length} bytes");
        Span<byte> content = chunk.AsSpan(0, (int)length);
        reader.Fill(content, "chunk");
        return Crc32C.Of(content) == BinaryPrimitives.ReadUInt32LittleEndian(chunkHeader[4..])
            ? content.Length
            : throw Damaged(reader.Path, at, "a chunk's checksum doesn't fit");
    }

    private sealed class Reader(IStorageFile file, IncrementalHash hash, long end)
    {
        public long Position { get; private set; }

        public long End => end;

        public string Path => file.Path;

        public void Fill(Span<byte> into, string what)
        {
            if (end - Position < into.Length || file.Read(Position, into) != into.Length)
                throw Damaged(file.Path, Position, $"the file ends within its {what}");
            hash.AppendData(into);
            Position += into.Length;
        }
    }
}
