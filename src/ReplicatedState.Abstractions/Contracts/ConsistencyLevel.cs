namespace ReplicatedState;

/// <summary>The kinds of <see cref="ReadConsistency"/>, by their names alone: for attributes and for the wire, whose numbers these are.</summary>
public enum ConsistencyLevel
{
    /// <summary><see cref="ReadConsistency.Linearizable"/>.</summary>
    Linearizable = 0,

    /// <summary><see cref="ReadConsistency.Local"/>.</summary>
    Local = 1,

    /// <summary><see cref="ReadConsistency.Lease"/>.</summary>
    Lease = 2,

    /// <summary><see cref="ReadConsistency.BoundedStaleness"/>, which needs a bound.</summary>
    BoundedStaleness = 3,

    /// <summary><see cref="ReadConsistency.Session"/>.</summary>
    Session = 4,
}
