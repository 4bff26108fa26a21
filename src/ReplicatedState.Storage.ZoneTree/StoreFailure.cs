namespace ReplicatedState.Storage.ZoneTree;

/// <summary>The first failure of a store, after which it does nothing more: nobody can tell what the disk holds, and a second fsync would claim success without the data.</summary>
/// <remarks>Safe for concurrent use: ZoneTree merges on a thread of its own.</remarks>
internal sealed class StoreFailure
{
    private StorageFailedException? _first;

    /// <summary>True once something failed.</summary>
    public bool HasFailed => Volatile.Read(ref _first) is not null;

    /// <summary>Remembers the failure if it is the first.</summary>
    /// <returns>What to throw to the caller whose work failed.</returns>
    public StorageFailedException Record(Exception error)
    {
        StorageFailedException failure = Find(error) ?? new StorageFailedException($"The log store failed: {error.Message}", error);
        return Interlocked.CompareExchange(ref _first, failure, null) ?? failure;
    }

    /// <exception cref="StorageFailedException">Something failed before.</exception>
    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref _first) is { } first)
            throw new StorageFailedException($"The log store stopped at an earlier failure and does nothing more. {first.Message}", first);
    }

    /// <summary>The disk's own sentence says more than the exceptions that ZoneTree wraps around it.</summary>
    private static StorageFailedException? Find(Exception? error) => error switch
    {
        null => null,
        StorageFailedException failure => failure,
        AggregateException many => many.InnerExceptions.Select(Find).FirstOrDefault(found => found is not null),
        _ => Find(error.InnerException),
    };
}
