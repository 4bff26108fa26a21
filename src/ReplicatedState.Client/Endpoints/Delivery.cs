namespace ReplicatedState.Client;

/// <summary>How far an attempt got.</summary>
public enum Delivery : byte
{
    /// <summary>The node answered; <see cref="EndpointReply.Status"/> tells what.</summary>
    Answered = 0,

    /// <summary>No byte of the call left this process: it was definitely not executed.</summary>
    NotSent = 1,

    /// <summary>It was sent, and no answer will come: the node may have executed it, or may still.</summary>
    Lost = 2,
}
