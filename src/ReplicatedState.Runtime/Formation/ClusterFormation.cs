using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Persistence;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>How nodes with empty directories become a cluster, once. Owned by the supervisor.</summary>
/// <remarks>
/// A node without a cluster asks every configured peer. Only when all of them answer that they have none either, and were configured with the same members, does the one with
/// the lowest name draw the cluster's GUID, write the first entries and offer them. If any peer belongs to a cluster, the others wait to be taken in, whatever their configuration
/// says: two halves of a set of peers must never form two clusters. The entries are durable before the identity names the cluster, so a node that knows its cluster also has its log; a
/// crash between the two leaves an empty node, which is offered the cluster again.
/// </remarks>
internal sealed class ClusterFormation(NodeContext node, DataDirectory directory)
{
    private const int OfferIntervalMs = 500;
    private const int ReportIntervalMs = 10_000;
    private bool _underWay;
    private long _nextOfferMs;
    private long _nextReportMs = ReportIntervalMs;

    /// <summary>The system group as every node knows it without being told.</summary>
    public static ClusterGroup SystemGroup { get; } =
        new(GroupId.System, SystemMachine.MachineName, SystemMachine.MachineName, GroupGenesis.System, 0, Configuration.Empty);

    /// <summary>A node without a cluster has at most the first entries of one in its log. With more, it would be taken for an empty one, and lose what it promised.</summary>
    /// <exception cref="StorageFailedException">The log says that the node was in a cluster, and the identity doesn't name it.</exception>
    public static void RefuseForgottenCluster(DataDirectory directory, ILogStore store, NodeIdentity identity)
    {
        if (identity.ClusterGuid is not null)
            return;
        foreach (GroupId group in store.Groups)
        {
            StoredGroup stored = store.Load(group);
            if (group != GroupId.System || stored.LastIndex > Founding.EntryCount || stored.HardState.Term > Founding.Term || !stored.HardState.Vote.IsNone || stored.Base.Index > 0)
            {
                throw new StorageFailedException(
                    $"The data directory {directory.Path} holds the log of a cluster (group {group} up to entry {stored.LastIndex}, term {stored.HardState.Term}), but its node.json names none. "
                    + "Restore node.json from a backup, or empty the directory and let the node join again as a new member.");
            }
        }
    }

    /// <summary>Forms the cluster if it is time to, and offers it to members that have not heard of it.</summary>
    public void Look(long nowMs)
    {
        if (node.Identity.ClusterGuid is null)
            TryForm(nowMs);
        else if (nowMs >= _nextOfferMs)
            OfferToEmptyMembers(nowMs);
    }

    /// <summary>Another node offers its cluster. Taken only where this node has none and is named in it.</summary>
    public void OnOffer(FormationOffer offer)
    {
        if (_underWay || node.Identity.ClusterGuid is not null)
            return;
        if (offer.Entries.Length > 0)
        {
            Configuration first;
            try
            {
                first = ConfigurationCodec.Decode(offer.Entries[0].Payload.Span);
            }
            catch (FormatException malformed)
            {
                node.Log.Refused($"Node {offer.From} offers a cluster whose configuration can't be read: {malformed.Message}");
                return;
            }

            if (offer.Entries[0].Kind != EntryKind.Config || !first.IsVoter(node.Identity.RaftId))
            {
                node.Log.Refused($"Node {offer.From} offers a cluster that this node ({node.Identity.RaftId}) isn't a voter of.");
                return;
            }
        }

        node.Log.Formation($"Taking part in the cluster {offer.Cluster}, as offered by node {offer.From}");
        Begin(offer.Cluster, offer.Epoch, offer.Entries);
    }

    private void TryForm(long nowMs)
    {
        if (_underWay)
            return;
        if (WhyNot(out List<Greeting> nodes) is { } reason)
        {
            if (nowMs >= _nextReportMs)
            {
                _nextReportMs = nowMs + ReportIntervalMs;
                node.Log.Formation($"No cluster yet: {reason}");
            }

            return;
        }

        Guid cluster = node.DrawGuid();
        node.Log.Formation($"Forming the cluster {cluster} of {string.Join(", ", nodes.Select(static member => member.Name))}");
        Begin(cluster, 0, Founding.FirstEntries(cluster, node.Options.ClusterLabel, nodes));
    }

    private string? WhyNot(out List<Greeting> nodes)
    {
        nodes = [node.Handshake.Own()];
        IReadOnlyList<string> names = node.Handshake.PeerNames;
        if (names.Count == 0)
            return null;
        if (!names.Contains(node.Options.Name))
            return $"'{node.Options.Name}' is not among the configured peers, so it waits to be added to their cluster.";
        foreach (Peer peer in node.Peers.All)
        {
            if (peer.Greeting is not { } greeting)
                return $"waiting for '{peer.Name}' at {peer.Address}.";
            if (greeting.Cluster is { } formed)
                return $"'{peer.Name}' belongs to the cluster {formed}; waiting to be taken in.";
            if (!greeting.PeerNames.SequenceEqual(names))
                return $"'{peer.Name}' is configured with the peers {string.Join(", ", greeting.PeerNames)}, this node with {string.Join(", ", names)}.";
            if (nodes.Exists(known => known.Node == greeting.Node))
                return $"'{peer.Name}' has the RaftId of another node.";
            nodes.Add(greeting);
        }

        if (nodes.Count != names.Count)
            return "not all configured peers are dialled yet.";
        return string.Equals(names[0], node.Options.Name, StringComparison.Ordinal) ? null : $"'{names[0]}' has the lowest name and forms the cluster.";
    }

    private void Begin(Guid cluster, uint epoch, Entry[] entries)
    {
        _underWay = true;
        if (entries.Length == 0)
        {
            Finish(cluster, epoch);
            return;
        }

        var hardState = new HardState(Founding.Term, RaftId.None, (ulong)entries.Length);
        ulong? replaceFrom = node.StoredGroupOf(GroupId.System).LastIndex > 0 ? 1 : null;
        node.RememberStored(GroupId.System, new StoredGroup(hardState, default, (ulong)entries.Length, SnapshotMeta.None));
        node.Storage.Post(new StorageMail
        {
            Kind = StorageMailKind.Bootstrap,
            Group = GroupId.System,
            Operation = Persist.OfFirstEntries(hardState, entries, replaceFrom),
            Durable = () => node.Supervisor.Post(() => Finish(cluster, epoch)),
        });
        node.Storage.Wake();
    }

    private void Finish(Guid cluster, uint epoch)
    {
        NodeIdentity formed = node.Identity with { ClusterGuid = cluster, Epoch = epoch };
        directory.WriteIdentity(formed);
        node.Identity = formed;
        node.ShardOf(GroupId.System).Post(ShardMail.StartGroup(SystemGroup));
    }

    private void OfferToEmptyMembers(long nowMs)
    {
        _nextOfferMs = nowMs + OfferIntervalMs;
        foreach (Peer peer in node.Peers.All)
        {
            if (peer.Greeting is { Cluster: null } && node.MemberOf(peer.Id) is not null)
                Offer(peer);
        }
    }

    private void Offer(Peer peer)
    {
        FrameBuffer frame = FrameHeader.RentFrame();
        FormationOffer.Write(frame, FirstEntriesFor(peer.Id));
        (node.HeaderOf(FrameKind.Formation) with { To = peer.Id }).Seal(frame);
        peer.TrySend(Lane.Control, frame);
    }

    /// <summary>The two entries of <see cref="Founding"/> for a founder, as long as the log begins with them; nothing for who came later, because it learns everything from the leader.</summary>
    private ReadOnlySpan<Entry> FirstEntriesFor(RaftId member)
    {
        var entries = new Entry[2];
        try
        {
            return node.Store.Read(GroupId.System, 1, entries, long.MaxValue) == entries.Length && ConfigurationCodec.Decode(entries[0].Payload.Span).IsVoter(member) ? entries : [];
        }
        catch (LogReadException)
        {
            // Compacted: the leader will send a snapshot.
            return [];
        }
    }
}
