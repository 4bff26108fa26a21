using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>Keeps streams open to whoever belongs to the cluster: first to the configured peers, and to the recorded members as soon as they are known. Owned by the supervisor.</summary>
internal sealed class PeerUpkeep(NodeContext node, ITransport transport)
{
    private SystemState? _seen;
    private int _seenNotRecorded;

    /// <summary>Adjusts the peers to what is known now.</summary>
    public void Look()
    {
        SystemState cluster = node.Cluster;
        List<Greeting> notRecorded = node.Handshake.NotRecordedYet(cluster);
        if (ReferenceEquals(cluster, _seen) && notRecorded.Count == _seenNotRecorded)
            return;
        (_seen, _seenNotRecorded) = (cluster, notRecorded.Count);
        Adjust(cluster.Members.IsEmpty ? Configured() : Recorded(cluster, notRecorded));
    }

    /// <summary>Gives all streams up.</summary>
    public void Close()
    {
        foreach (Peer peer in node.Peers.All)
            peer.Dispose();
    }

    private List<(string Name, string Address, RaftId Id)> Configured()
    {
        var wanted = new List<(string, string, RaftId)>();
        foreach (PeerAddress peer in node.Options.Peers.OrderBy(static peer => peer.Name, StringComparer.Ordinal))
        {
            if (peer.Name != node.Options.Name)
                wanted.Add((peer.Name, peer.Address, RaftId.None));
        }

        return wanted;
    }

    private List<(string Name, string Address, RaftId Id)> Recorded(SystemState cluster, List<Greeting> notRecorded)
    {
        var wanted = new SortedDictionary<string, (string, string, RaftId)>(StringComparer.Ordinal);
        foreach (Member member in cluster.Members.Values)
        {
            // A name that was passed on to another id is dialled once, as who has it now.
            if (member.Id != node.Identity.RaftId && cluster.MemberNamed(member.Name) == member)
                wanted[member.Name] = (member.Name, member.PeerAddress, member.Id);
        }

        foreach (Greeting member in notRecorded)
        {
            if (member.Name != node.Options.Name)
                wanted[member.Name] = (member.Name, member.PeerAddress, member.Node);
        }

        return [.. wanted.Values];
    }

    private void Adjust(List<(string Name, string Address, RaftId Id)> wanted)
    {
        ReadOnlySpan<Peer> present = node.Peers.All;
        var next = new Peer[wanted.Count];
        var added = new List<Peer>();
        for (int i = 0; i < next.Length; i++)
        {
            (string name, string address, RaftId id) = wanted[i];
            foreach (Peer peer in present)
            {
                // Streams belong to who answered: whoever has the name by now is dialled anew.
                if (peer.Name == name && peer.Address == address && (id.IsNone || peer.Id.IsNone || peer.Id == id))
                    next[i] = peer;
            }

            if (next[i] is null)
                added.Add(next[i] = new Peer(name, address, id));
            else if (!id.IsNone)
                next[i].Id = id;
        }

        node.Peers.Replace(next);
        foreach (Peer old in present)
        {
            if (!next.Contains(old))
                old.Dispose();
        }

        foreach (Peer peer in added)
            peer.Attach(transport.Connect(peer.Address, new PeerDialler(node, peer)));
    }
}
