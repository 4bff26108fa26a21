using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Recovery;

/// <summary>What the records of the cluster say at the end of a log that nobody runs: its snapshot, and every entry behind it, committed or not.</summary>
internal sealed class ClusterRecords : IApplyObserver
{
    private const int WindowEntries = 64;
    private const long WindowBytes = 1024 * 1024;

    /// <summary>Reads them up to and including an entry.</summary>
    /// <exception cref="StorageFailedException">They can't be rebuilt; the message says why.</exception>
    public static SystemState At(ILogStore store, SnapshotStore snapshots, ulong last)
    {
        StoredGroup stored = store.Load(GroupId.System);
        using InvariantCultureScope culture = InvariantCultureScope.Enter();
        var group = new GroupMachine(GroupId.System, StateMachineDefinition.Of<SystemMachine>(), GroupGenesis.System, new ClusterRecords());
        if (stored.Snapshot.Index > 0)
        {
            StoredSnapshot file = snapshots.Find(GroupId.System, stored.Snapshot.Position)
                ?? throw new StorageFailedException($"The snapshot of the system group at {stored.Snapshot.Position} is missing, and the log begins above it. Restore the file from a backup.");
            using SnapshotContent content = snapshots.OpenContent(file);
            group.ReadSnapshot(content.Bytes);
        }

        var window = new Entry[WindowEntries];
        while (group.AppliedIndex < last)
        {
            int wanted = (int)Math.Min(WindowEntries, last - group.AppliedIndex);
            int count = store.Read(GroupId.System, group.AppliedIndex + 1, window.AsSpan(0, wanted), WindowBytes);
            for (int i = 0; i < count; i++)
            {
                if (!group.Apply(window[i]))
                    throw new StorageFailedException($"The cluster's records can't be rebuilt: {group.HaltReason}");
            }
        }

        return ((SystemMachine)group.Machine).State;
    }

    void IApplyObserver.OnApplied(ulong index, ulong term, in NodeReply reply)
    {
        // Nobody waits for a reply.
    }

    void IApplyObserver.OnTimerFired(ulong index, TimerId timer, in NodeReply reply)
    {
        // The system machine sets none.
    }

    void IApplyObserver.OnCommandFailed(ulong index, Exception exception)
    {
        // The same happened on every node; the state is as it was.
    }

    void IApplyObserver.OnHalted(ulong index, string reason, Exception? cause)
    {
        // Told by the machine's own reason.
    }
}
