using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Persistence;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Shards;

// How a group comes to life: from what the disk holds, or, where the cluster has just created it, from its first entry.
internal sealed partial class GroupReplica
{
    private const ulong FirstTerm = 1;

    /// <summary>Opens a group. Reads its snapshot, so it may take a while.</summary>
    /// <exception cref="StorageFailedException">What the disk holds doesn't fit together; the message says what to do.</exception>
    public static GroupReplica Open(NodeContext node, Shard shard, ClusterGroup description)
    {
        StoredGroup stored = node.StoredGroupOf(description.Id);
        var machine = new GroupMachineSlot();
        var log = new GroupLog(description.Id, node.Store, stored, node.Options.Raft.LogCacheSize, node.Options.Raft.LogCacheBytes);
        HardState hardState = stored.HardState;
        if (HasNotBegun(stored) && !description.FirstConfiguration.Voters.IsEmpty)
        {
            hardState = BeginWithFirstEntry(node, description, log);
            shard.HasPosted = true;
        }

        ulong applied = RestoreSnapshot(node, description, stored.Snapshot, machine, out StoredSnapshot? file);
        var replica = new GroupReplica(node, shard, description, log, machine, new PersistedState(hardState, applied));
        replica.FillMachine(machine, file);
        replica.Publish(stateHash: false);
        return replica;
    }

    /// <summary>Nothing is stored, or of the first operation only what a store writes first: a crash left the term without the entry.</summary>
    private static bool HasNotBegun(StoredGroup stored) => stored is { LastIndex: 0, HardState: { Term: <= FirstTerm, Vote.IsNone: true } };

    /// <summary>The first entry of every group but the system group: its configuration, written alike by every member (dissertation 4: the bootstrap).</summary>
    /// <remarks>
    /// It needs no sync of its own: whatever the group says later about its disk waits for a sync of an operation behind this one.
    /// </remarks>
    private static HardState BeginWithFirstEntry(NodeContext node, ClusterGroup description, GroupLog log)
    {
        var entry = new Entry(1, FirstTerm, EntryKind.Config, 0, Payload.Of(ConfigurationCodec.Encode(description.FirstConfiguration)));
        var hardState = new HardState(FirstTerm, RaftId.None, 1);
        Persist operation = Persist.OfFirstEntries(hardState, [entry], replaceFrom: null);
        log.Take(operation);
        node.Storage.Post(new StorageMail { Kind = StorageMailKind.Bootstrap, Group = description.Id, Operation = operation });
        return hardState;
    }

    private static ulong RestoreSnapshot(NodeContext node, ClusterGroup description, SnapshotMeta snapshot, GroupMachineSlot machine, out StoredSnapshot? file)
    {
        file = null;
        if (node.DefinitionOf(description.Machine) is null)
            machine.Miss($"Group {description.Id} ('{description.Name}') needs the machine '{description.Machine}', which this binary doesn't have. Install one that does, and restart.", snapshot.Index);
        if (snapshot.Index == 0)
            return 0;
        file = node.SnapshotFiles.Find(description.Id, snapshot.Position)
            ?? throw new StorageFailedException(
                $"The snapshot of group {description.Id} at {snapshot.Position} is missing, and the log begins above it. Restore the file from a backup, or "
                + "empty the data directory and let the node join again as a new member.");
        return snapshot.Index;
    }

    /// <summary>
    /// What a restored snapshot of the system group says of members and groups holds from the start: no entry above it need ever say it again.
    /// </summary>
    public void AnnounceCluster()
    {
        if (Id == GroupId.System && _machine.Machine is { AppliedIndex: > 0 } restored)
            _node.OnSystemApplied(((SystemMachine)restored.Machine).State);
    }

    private void FillMachine(GroupMachineSlot slot, StoredSnapshot? file)
    {
        if (_node.DefinitionOf(Description.Machine) is not { } definition)
            return;
        var machine = new GroupMachine(Id, definition, Description.Genesis, this);
        if (file is not null)
        {
            machine.ReadSnapshot(_node.SnapshotFiles.ReadContent(file));
            Invariant.Holds(machine.AppliedIndex == file.Header.Meta.Index, "a snapshot holds the state of the index that it names");
            _snapshotBytes = file.SizeBytes;
        }

        slot.Fill(machine);
    }
}
