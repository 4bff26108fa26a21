namespace ReplicatedState;

/// <summary>Some events of a machine, encoded, in pooled memory. Dispose it after decoding; never read it afterwards.</summary>
/// <param name="reply">The encoded page.</param>
/// <param name="group">The group's number.</param>
/// <param name="epoch">How often the cluster had been recovered by force.</param>
public struct EventPage(ReplyBuffer reply, uint group, uint epoch) : IDisposable
{
    private ReplyBuffer _reply = reply;

    /// <summary>The encoded page: an array of the index and ordinal at which the next page begins, and the events, each an array of index, ordinal, log time in Unix milliseconds, and value.</summary>
    public readonly ReadOnlyMemory<byte> Bytes => _reply.Bytes;

    /// <summary>The group's number.</summary>
    public uint Group { get; } = group;

    /// <summary>How often the cluster had been recovered by force.</summary>
    public uint Epoch { get; } = epoch;

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _reply.Dispose();
}
