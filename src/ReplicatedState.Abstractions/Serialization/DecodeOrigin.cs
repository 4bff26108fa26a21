namespace ReplicatedState.Serialization;

/// <summary>Where encoded bytes come from, which decides what a generated decoder forgives.</summary>
public enum DecodeOrigin
{
    /// <summary>
    /// Arguments of a command. Nil is refused where the type says non-null, and surplus is refused: a replica that
    /// skips what a newer one uses diverges from it.
    /// </summary>
    Command,

    /// <summary>Arguments of a query. Nil is refused where the type says non-null; surplus is skipped.</summary>
    Query,

    /// <summary>A result, read by a client that may be older than the node: surplus is skipped.</summary>
    Reply,

    /// <summary>State that this machine, or an older version of it, wrote. Surplus is refused: it would be lost data.</summary>
    Snapshot,
}
