namespace ReplicatedState.Runtime.Storage;

/// <summary>An open file. One thread at a time, but for reads, which may run beside each other and beside writes elsewhere in the file.</summary>
public interface IStorageFile : IDisposable
{
    /// <summary>Where it is.</summary>
    string Path { get; }

    /// <summary>Its size in bytes.</summary>
    long Length { get; }

    /// <summary>Reads until the buffer is full or the file ends; returns how many bytes.</summary>
    int Read(long offset, Span<byte> into);

    /// <summary>Writes all of it, growing the file as needed.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts or extends with zeros.</summary>
    void SetLength(long length);

    /// <summary>Maps the first bytes of the file, which must have been written: memory over a hole would end the process when the disk is full.</summary>
    /// <param name="length">How many, at most <see cref="Length"/>.</param>
    IMappedFile Map(int length);

    /// <summary>Returns when content, and the size needed to read it, are durable (fdatasync).</summary>
    /// <exception cref="StorageFailedException">They are not, and nobody can tell what is: never call it again, stop.</exception>
    void SyncData();
}
