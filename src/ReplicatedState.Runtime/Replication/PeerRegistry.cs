using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Replication;

/// <summary>The other nodes that this one sends to. Replaced as a whole by the actor that owns it, read by all.</summary>
internal sealed class PeerRegistry
{
    private Peer[] _peers = [];

    /// <summary>All peers, in the order of their names.</summary>
    public ReadOnlySpan<Peer> All => Volatile.Read(ref _peers);

    /// <summary>The peer with an id; null where nobody has told where it is.</summary>
    public Peer? Find(RaftId id)
    {
        foreach (Peer peer in Volatile.Read(ref _peers))
        {
            if (peer.Id == id)
                return peer;
        }

        return null;
    }

    /// <summary>Replaces all peers.</summary>
    public void Replace(Peer[] peers) => Volatile.Write(ref _peers, peers);
}
