namespace ReplicatedState.Runtime.Storage;

/// <summary>What <see cref="IDisk.Open"/> expects to find.</summary>
public enum FileOpenMode
{
    /// <summary>An existing file.</summary>
    Existing,

    /// <summary>Either.</summary>
    ExistingOrNew,

    /// <summary>No file.</summary>
    New,
}
