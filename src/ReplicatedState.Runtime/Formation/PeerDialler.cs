using System.Buffers;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>Speaks for this node on the streams that it opens to one peer, and keeps what the peer answers. On transport threads.</summary>
internal sealed class PeerDialler(NodeContext node, Peer peer) : IPeerDialler
{
    private string? _lastTrouble;

    /// <inheritdoc/>
    public void WriteHello(Lane lane, IBufferWriter<byte> into) => node.Handshake.Own().Write(FrameKind.Hello, into);

    /// <inheritdoc/>
    public bool OnWelcome(Lane lane, ReadOnlySequence<byte> welcome)
    {
        Greeting answer;
        try
        {
            answer = Greeting.Read(FrameKind.Welcome, welcome);
        }
        catch (WireFormatException malformed)
        {
            return Refuse($"What answers at {peer.Address} is no node of this protocol: {malformed.Message}");
        }

        if (answer.Refusal is { } refusal)
            return Refuse($"Node '{answer.Name}' at {peer.Address} refuses this node: {refusal}");
        if (node.Handshake.Judge(answer) is { } objection)
            return Refuse(objection);
        if (answer.Name != peer.Name)
            return Refuse($"The node at {peer.Address} is called '{answer.Name}', and the configuration says '{peer.Name}'.");
        if (!peer.Id.IsNone && peer.Id != answer.Node && node.MemberOf(peer.Id) is not null)
            return Refuse($"WipedNode: node '{answer.Name}' at {peer.Address} is known with the RaftId {peer.Id}, and answers with {answer.Node}.");

        peer.Id = answer.Node;
        if (lane == Lane.Control)
        {
            _lastTrouble = null;
            peer.Greeting = answer;
            node.Handshake.Remember(answer);
            node.Supervisor.Wake();
        }

        return true;
    }

    /// <inheritdoc/>
    public void OnDisconnected(Lane lane)
    {
        if (lane == Lane.Control)
            peer.Greeting = null;
        if (peer.Id.IsNone)
            return;
        foreach (Shard shard in node.Shards)
            shard.Post(ShardMail.Unreachable(peer.Id));
    }

    /// <summary>A peer that refuses does so at every attempt: it is logged once.</summary>
    private bool Refuse(string why)
    {
        if (Interlocked.Exchange(ref _lastTrouble, why) != why)
            node.Log.Refused(why);
        return false;
    }
}
