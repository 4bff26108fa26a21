namespace ReplicatedState.Client;

/// <summary>What a client asks of a node. The numbers are on the wire.</summary>
public enum ClientCallKind : byte
{
    /// <summary>Execute a command.</summary>
    Command = 1,

    /// <summary>Answer a query.</summary>
    Query = 2,

    /// <summary>Open a client session.</summary>
    OpenSession = 3,

    /// <summary>Close a client session.</summary>
    CloseSession = 4,

    /// <summary>Bring a further page of a query's result, or give it up.</summary>
    Page = 5,

    /// <summary>Wait for an event, and say what there is from a position on.</summary>
    Watch = 6,
}
