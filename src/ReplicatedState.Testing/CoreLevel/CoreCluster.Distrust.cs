using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

// Members that can't be trusted: a disk that went back in time, and a node that must not lead, because the state above it has diverged.
public sealed partial class CoreCluster
{
    /// <summary>The node's owner lets it lead, or not any more.</summary>
    internal void AllowLeading(CoreNode node, bool allow)
    {
        Enter(node).AllowLeading(allow);
        _conduct.MayLead(node, allow);
        Settle(node);
    }

    /// <summary>
    /// A follower restarts on a disk without some of what it acknowledged to its leader and what nobody has committed; false where there is nothing of that kind. Before anything else happens the leader's
    /// heartbeat and the answer to it come through: until then what was lost counts, and no algorithm could help it. Then the node is down until <see cref="PutRightDiskBack"/>.
    /// </summary>
    internal bool TryLoseWrites(CoreNode node, CoreNode leader)
    {
        ulong term = leader.Core!.Status.HardState.Term;
        ulong acknowledged = leader.Core.ProgressOf(node.Id)?.Match ?? 0;
        ulong keep = Math.Max(Math.Max(Ledger.LastCommitted, node.DurableState.Index), Math.Max(node.Durable.Snapshot.Index, node.Durable.Base.Index));
        // An entry of an older term was acknowledged to that term's leader too, who may still be there and hasn't been told.
        while (keep < Math.Min(acknowledged, node.Durable.LastIndex) && node.Durable.TermAt(keep + 1) < term)
            keep++;
        if (keep >= acknowledged || acknowledged > node.Durable.LastIndex || node.DurableHardState.Term != term)
            return false;
        Crash(node, survivingOperations: 0);
        node.OldDisk = new CoreNode.ReplacedDisk(new EntryLog(SnapshotMeta.None));
        node.OldDisk.Right.CopyFrom(node.Durable);
        node.Durable.Apply(snapshot: null, truncateFrom: keep + 1, []);
        Restart(node);
        Deliver(new Message { Kind = MessageKind.Heartbeat, Group = node.Config.Group, From = leader.Id, To = node.Id, Term = term, Match = acknowledged });
        if (!node.OldDisk.IsNoticed)
            throw new SimulationViolationException("backup", $"{node} has lost entries that it acknowledged, and takes part as if nothing had happened: its log ends at {keep}, and its leader knows that it had {acknowledged}");
        Deliver(new Message { Kind = MessageKind.HeartbeatResponse, Group = node.Config.Group, From = node.Id, To = leader.Id, Term = term, Reject = true, Log = node.Log.Last });
        Crash(node, survivingOperations: 0);
        return true;
    }

    /// <summary>The disk that the node had before is found, and put in its place again.</summary>
    internal static void PutRightDiskBack(CoreNode node)
    {
        node.Durable.CopyFrom(node.OldDisk!.Right);
        node.OldDisk.Right.Clear();
        node.OldDisk = null;
    }

    private static bool NoticesOldDisk(CoreNode node)
    {
        if (node.OldDisk is null)
            return false;
        node.OldDisk.IsNoticed = true;
        return true;
    }
}
