namespace ReplicatedState;

/// <summary>The data directory can't be used, or a write or sync failed; the message names the file and the way out.</summary>
public sealed class StorageFailedException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_STORAGE_FAILED", message, innerException)
{
    /// <summary>Nothing is broken: another process uses the data directory.</summary>
    public bool IsInUse { get; init; }
}
