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

    /// <summary>Opens a group. Its snapshot, if there is one, is read by its worker: until then it votes and stores and applies nothing.</summary>
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

        if (node.DefinitionOf(description.Machine) is null)
            machine.Miss($"Group {description.Id} ('{description.Name}') needs the machine '{description.Machine}', which this binary doesn't have. Install one that does, and restart.", stored.Snapshot.Index);
        var replica = new GroupReplica(node, shard, description, log, machine, new PersistedState(hardState, stored.Snapshot.Index));
        if (node.QuarantineOf(description.Id) is { } quarantine)
            replica.ResumeQuarantine(quarantine);
        replica.FillMachine(stored.Snapshot);
        replica.Publish();
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
        // The records at the group's creation are what its first configuration follows.
        Configuration first = description.FirstConfiguration with { Revision = description.CreatedAt };
        var entry = new Entry(1, FirstTerm, EntryKind.Config, 0, Payload.Of(ConfigurationCodec.Encode(first)));
        var hardState = new HardState(FirstTerm, RaftId.None, 1);
        Persist operation = Persist.OfFirstEntries(hardState, [entry], replaceFrom: null);
        log.Take(operation);
        node.Storage.Post(new StorageMail { Kind = StorageMailKind.Bootstrap, Group = description.Id, Operation = operation });
        return hardState;
    }

    private void FillMachine(SnapshotMeta snapshot)
    {
        if (snapshot.Index > 0)
            BeginRestore(new Install(RaftId.None, snapshot) { IsDurable = true }, received: null);
        else if (_node.DefinitionOf(Description.Machine) is { } definition)
            _machine.Fill(new GroupMachine(Id, definition, Description.Genesis, this) { Mutant = _node.Options.Mutant });
    }
}
