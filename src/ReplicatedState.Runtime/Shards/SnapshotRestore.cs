using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Shards;

/// <summary>Builds the machine of a snapshot aside, while the group's present one, if any, goes on to answer.</summary>
/// <param name="node">The node.</param>
/// <param name="replica">The group.</param>
/// <param name="meta">Which snapshot.</param>
/// <param name="received">Its file, where it was checked just now; null where it lies on the disk from an earlier run.</param>
internal sealed class SnapshotRestore(NodeContext node, GroupReplica replica, SnapshotMeta meta, StoredSnapshot? received) : MachineTask
{
    /// <summary>The snapshot's size.</summary>
    public long Bytes { get; private set; }

    /// <summary>The machine at the snapshot's index; null where the binary lacks it.</summary>
    public GroupMachine? Machine { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="StorageFailedException">The snapshot is missing.</exception>
    /// <exception cref="InvalidSnapshotException">It is damaged, or not of this machine.</exception>
    public override void Run()
    {
        StoredSnapshot file = received ?? node.SnapshotFiles.Find(replica.Id, meta.Position)
            ?? throw new StorageFailedException(
                $"The snapshot of group {replica.Id} at {meta.Position} is missing, and the log begins above it. Restore the file from a backup, or "
                + "empty the data directory and let the node join again as a new member.");
        Bytes = file.SizeBytes;
        if (node.DefinitionOf(replica.Description.Machine) is not { } definition)
            return;
        var machine = new GroupMachine(replica.Id, definition, replica.Description.Genesis, replica) { Mutant = node.Options.Mutant };
        using (SnapshotContent content = node.SnapshotFiles.OpenContent(file))
            machine.ReadSnapshot(content.Bytes);
        Invariant.Holds(machine.AppliedIndex == meta.Index, "a snapshot holds the state of the index that it names");
        Machine = machine;
    }

    /// <inheritdoc/>
    public override void Abandon(string why)
    {
        // Nobody waits for it, and the file stays.
    }
}
