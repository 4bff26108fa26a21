using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>Packs the messages that one actor sends during a turn, whatever their groups, into one frame per peer and lane.</summary>
/// <remarks>This is also what makes one frame of all groups' heartbeats. Owned by one actor; the peers that it hands frames to are shared.</remarks>
internal sealed class FrameAssembler(PeerRegistry peers, Func<FrameHeader> header, int frameBytesMax)
{
    /// <summary>A frame that has grown to this size leaves before the turn ends.</summary>
    private const int FrameBytesAimed = 256 * 1024;

    private const int EntryBytesMax = 40;
    private const int MessageBytesMax = 256;
    private readonly List<Outgoing> _outgoing = [];
    private readonly List<RaftId> _unreachable = [];

    /// <summary>Peers that a frame didn't reach since <see cref="ForgetUnreachable"/>.</summary>
    public IReadOnlyList<RaftId> Unreachable => _unreachable;

    /// <summary>Starts to gather <see cref="Unreachable"/> anew.</summary>
    public void ForgetUnreachable() => _unreachable.Clear();

    /// <summary>Adds a message; to a node that nobody knows it is dropped, as a network would.</summary>
    public void Add(in Message message)
    {
        if (peers.Find(message.To) is not { } peer)
            return;
        Outgoing outgoing = For(peer);
        if (message.Entries.IsEmpty)
        {
            Append(peer, Lane.Control, ref outgoing.Control, message, MessageBytesMax + (message.Snapshot is null ? 0 : MessageBytesMax * 64));
            return;
        }

        int size = MessageBytesMax;
        foreach (ref readonly Entry entry in message.Entries.Span)
            size += EntryBytesMax + entry.Payload.Length;
        Append(peer, Lane.Bulk, ref outgoing.Bulk, message, size);
    }

    /// <summary>Sends everything.</summary>
    public void Flush()
    {
        foreach (Outgoing outgoing in _outgoing)
        {
            if (outgoing.Control is not null)
                Send(outgoing.Peer, Lane.Control, ref outgoing.Control);
            if (outgoing.Bulk is not null)
                Send(outgoing.Peer, Lane.Bulk, ref outgoing.Bulk);
        }
    }

    private void Append(Peer peer, Lane lane, ref FrameBuffer? frame, in Message message, int size)
    {
        if (frame is not null && frame.Length + size > frameBytesMax)
            Send(peer, lane, ref frame);
        frame ??= FrameHeader.RentFrame();
        MessageCodec.Write(frame, message);
        if (frame.Length >= FrameBytesAimed)
            Send(peer, lane, ref frame);
    }

    private void Send(Peer peer, Lane lane, ref FrameBuffer? frame)
    {
        FrameBuffer sealedFrame = frame!;
        frame = null;
        (header() with { To = peer.Id }).Seal(sealedFrame);
        if (!peer.TrySend(lane, sealedFrame) && !_unreachable.Contains(peer.Id))
            _unreachable.Add(peer.Id);
    }

    private Outgoing For(Peer peer)
    {
        foreach (Outgoing known in _outgoing)
        {
            if (ReferenceEquals(known.Peer, peer))
                return known;
        }

        var added = new Outgoing(peer);
        _outgoing.RemoveAll(old => old.Peer.IsDisposed);
        _outgoing.Add(added);
        return added;
    }

    private sealed class Outgoing(Peer peer)
    {
        public FrameBuffer? Control;
        public FrameBuffer? Bulk;

        public Peer Peer { get; } = peer;
    }
}
