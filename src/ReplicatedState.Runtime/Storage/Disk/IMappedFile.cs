namespace ReplicatedState.Runtime.Storage;

/// <summary>A file's content as memory. What is written to it survives the end of the process, and a power cut only after <see cref="Sync"/>.</summary>
/// <remarks>One thread at a time. The memory is gone after <see cref="IDisposable.Dispose"/>: keep no span beyond it.</remarks>
public interface IMappedFile : IDisposable
{
    /// <summary>The content.</summary>
    Span<byte> Bytes { get; }

    /// <summary>Returns when what was written to the memory is durable.</summary>
    /// <exception cref="StorageFailedException">It is not, and nobody can tell what is: never call it again, stop.</exception>
    void Sync();
}
