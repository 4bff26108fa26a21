namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>What becomes of a call that a client stream brings.</summary>
internal enum Admission
{
    /// <summary>It goes to the node.</summary>
    Submit,

    /// <summary>Too many are unanswered: it is refused as overloaded.</summary>
    Refuse,

    /// <summary>Not even the refusals are read: the stream ends.</summary>
    HangUp,
}
