using System.Buffers.Binary;
using System.IO.Hashing;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>Finds where the journal is damaged, for the sentence of a refusal: ZoneTree only says that it is.</summary>
/// <remarks>
/// A file is one byte of metadata and then blocks: magic u64, number i32, stored length i32, length i32, XXH3 of the content u64, low half of the XXH3 of these 28 bytes u32, content.
/// </remarks>
internal static class JournalDamage
{
    private const int MetadataBytes = 1;
    private const int BlockHeaderBytes = 32;
    private const ulong BlockMagic = 0x324B_4C42_4C41_575A;

    /// <summary>The first block that is not what it says, as "file at offset"; null where all are whole.</summary>
    public static string? Find(IDisk disk, string directory)
    {
        string journal = Path.Combine(directory, "seg", "shared");
        foreach (string name in disk.ListFiles(journal).Where(name => name.EndsWith(".wal", StringComparison.Ordinal)))
        {
            string path = Path.Combine(journal, name);
            using IStorageFile file = disk.Open(path, FileOpenMode.Existing);
            long end = JournalFileStream.FindDataEnd(file);
            long offset = FirstDamage(file, end);
            if (offset < end)
                return $"{path} at offset {offset} of {end}";
        }

        return null;
    }

    private static long FirstDamage(IStorageFile file, long end)
    {
        byte[] header = new byte[BlockHeaderBytes];
        int number = 0;
        for (long offset = MetadataBytes; offset < end; number++)
        {
            if (file.Read(offset, header) != header.Length
                || BinaryPrimitives.ReadUInt64LittleEndian(header) != BlockMagic
                || BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(28)) != (uint)XxHash3.HashToUInt64(header.AsSpan(0, 28))
                || BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)) != number)
                return offset;
            int length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
            if (length <= 0 || length > end - offset - BlockHeaderBytes)
                return offset;
            byte[] content = new byte[length];
            if (file.Read(offset + BlockHeaderBytes, content) != length || XxHash3.HashToUInt64(content) != BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(20)))
                return offset;
            offset += BlockHeaderBytes + length;
        }

        return end;
    }
}
