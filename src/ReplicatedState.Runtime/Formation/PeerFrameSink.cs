using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>Takes the frames of one stream from another node: checks whose they are, decodes them once, and hands them to whom they concern. On transport threads.</summary>
internal sealed class PeerFrameSink(NodeContext node, RaftId from) : IFrameSink
{
    private bool _knownAsMember;

    /// <inheritdoc/>
    public void OnFrame(ReadOnlySequence<byte> frame)
    {
        if (node.IsStopped)
            return;
        FrameHeader header = FrameHeader.Open(frame, node.Options.Transport.MaxMessageSize, out ReadOnlySequence<byte> body);
        if (header.From != from)
            throw new WireFormatException($"A stream of node {from} carries a frame of node {header.From}.");
        NodeIdentity identity = node.Identity;
        if (header.To != identity.RaftId)
            throw new WireFormatException($"A frame for node {header.To} arrived at node {identity.RaftId}.");
        if (header.Kind == FrameKind.Formation)
        {
            node.Supervisor.OnOffer(FormationOffer.Read(header, body));
            return;
        }

        // A node without a cluster has nothing to say to one that has: it will be offered the cluster apart.
        if (identity.ClusterGuid is not { } cluster)
            return;
        if (header.Cluster != cluster || header.Epoch != identity.Epoch)
            throw new WireFormatException($"A frame of the cluster {header.Cluster}, epoch {header.Epoch}, arrived in the cluster {cluster}, epoch {identity.Epoch}.");
        if (!_knownAsMember)
        {
            // Its greeting may be older than its membership.
            node.Peers.Find(from)?.HasJoined(cluster);
            _knownAsMember = true;
        }

        switch (header.Kind)
        {
            case FrameKind.Messages:
                Dispatch(body, identity.RaftId);
                break;
            case FrameKind.Snapshot:
                var reader = new WireReader(body);
                node.Snapshots.OnMessage(from, SnapshotMessage.Read(ref reader));
                break;
            case FrameKind.Report:
                ReplicaReport report = ReplicaReport.Read(body);
                if (node.ReplicaOf(report.Group) is { } replica)
                    replica.Shard.TryPost(ShardMail.Report(replica, from, report));
                break;
            case FrameKind.Verdict:
                Verdict verdict = Verdict.Read(body);
                if (node.ReplicaOf(verdict.Group) is { } judged)
                    judged.Shard.TryPost(ShardMail.Verdict(judged, from, verdict));
                break;
            case FrameKind.Administration:
                var message = new WireReader(body);
                node.Supervisor.Administrator.OnMessage(from, AdministrationMessage.Read(ref message));
                break;
            default:
                throw new WireFormatException($"A frame of kind {(byte)header.Kind} doesn't belong on an open stream.");
        }
    }

    /// <inheritdoc/>
    public void OnClosed()
    {
        // What a stream carried is in the mailboxes; that it ended tells nothing that time won't.
    }

    private void Dispatch(in ReadOnlySequence<byte> body, RaftId self)
    {
        InboundFrame frame = node.Frames.Rent();
        frame.Decode(body, from, self);
        if (node.Shards.Count == 1)
        {
            frame.SharedBy(1);
            Deliver(node.Shards[0], frame);
            return;
        }

        ulong concerned = 0;
        foreach (ref readonly Message message in frame.Messages)
            concerned |= 1UL << (int)(message.Group.Value % (uint)node.Shards.Count);
        frame.SharedBy(System.Numerics.BitOperations.PopCount(concerned));
        for (int i = 0; i < node.Shards.Count; i++)
        {
            if ((concerned & (1UL << i)) != 0)
                Deliver(node.Shards[i], frame);
        }
    }

    /// <summary>A shard that can't keep up loses frames, as a network would.</summary>
    private static void Deliver(Shard shard, InboundFrame frame)
    {
        if (!shard.TryPost(frame))
            frame.Release();
    }
}
