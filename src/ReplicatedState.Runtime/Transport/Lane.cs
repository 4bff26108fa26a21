namespace ReplicatedState.Runtime.Transport;

/// <summary>The streams between two nodes. Each keeps its order; a full one never delays another.</summary>
public enum Lane : byte
{
    /// <summary>Votes, heartbeats, acknowledgements, read indexes, formation.</summary>
    Control = 0,

    /// <summary>Frames of entries, of many groups.</summary>
    Bulk = 1,

    /// <summary>Snapshot chunks, on a connection of their own.</summary>
    Snapshot = 2,
}
