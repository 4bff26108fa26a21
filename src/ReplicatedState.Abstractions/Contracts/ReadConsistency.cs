namespace ReplicatedState;

/// <summary>How recent the state that a query sees must be.</summary>
public enum ReadConsistency
{
    /// <summary>Sees every command acknowledged before the query was sent, on any node (ReadIndex, Raft dissertation 6.4).</summary>
    Linearizable = 0,

    /// <summary>Sees whatever the asked node has applied; may be arbitrarily old.</summary>
    Local = 1,
}
