using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Persistence;
using ReplicatedState.Runtime.Snapshots;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Shards;

// A group's snapshots: of its own state, to keep the log short; and from its leader, where its log no longer reaches.
internal sealed partial class GroupReplica
{
    /// <summary>Followers keep the log from being cut at most until it is so many times longer than configured; then they get a snapshot instead.</summary>
    private const ulong HeldBackTimesMax = 8;

    private long _bytesSinceSnapshot;
    private long _snapshotBytes;
    private long _snapshotAtMs;
    private long _snapshotsInstalled;
    private bool _capturing;
    private Install? _install;

    /// <summary>Takes a snapshot now; false where one is under way on this node, or there is nothing to take.</summary>
    public bool TryCapture()
    {
        ulong applied = _machine.Applied;
        if (_capturing || _install is not null || _machine.HaltReason is not null || _machine.Machine is not { } machine || applied <= _log.Snapshot.Index)
            return false;
        if (!_node.TryBeginCapture())
            return false;
        _capturing = true;
        (ulong configIndex, Configuration configuration) = _core.ConfigurationAt(applied);
        var buffer = new SnapshotBuffer();
        long began = _node.Clock.MonotonicUs;
        SnapshotHeader header;
        lock (_machine.Gate)
        {
            machine.WriteSnapshot(buffer);
            var meta = new SnapshotMeta(applied, machine.AppliedTerm, configuration, configIndex, machine.LogTimeMs);
            header = new SnapshotHeader(_node.Identity.ClusterGuid!.Value, Id, meta, Description.Machine, machine.MachineVersion);
        }

        _node.Log.SnapshotCaptured(Id, Description.Name, applied, buffer.Length, _node.Clock.MonotonicUs - began);
        _bytesSinceSnapshot = 0;
        _snapshotBytes = buffer.Length;
        _snapshotAtMs = _node.Clock.MonotonicMs;
        _node.Snapshots.Save(this, header, buffer);
        return true;
    }

    /// <summary>The file of the captured state is durable: next its metadata.</summary>
    public void OnSnapshotSaved(StoredSnapshot saved)
    {
        if (saved.Header.Meta.Index <= _log.Snapshot.Index)
        {
            // A newer one came from the leader meanwhile.
            EndCapture();
            return;
        }

        _node.Storage.Post(new StorageMail { Kind = StorageMailKind.SetSnapshot, Group = Id, Replica = this, Snapshot = saved.Header.Meta });
        Shard.HasPosted = true;
    }

    /// <summary>The snapshot is on record: what it covers may go, but for what followers still want.</summary>
    public void OnSnapshotRecorded(SnapshotMeta snapshot)
    {
        EndCapture();
        if (snapshot.Index <= _log.Snapshot.Index)
            return;
        _log.SetSnapshot(snapshot);
        _node.Snapshots.DeleteOlder(Id, snapshot.Position);
        ulong newBase = CompactionTarget(snapshot.Index);
        if (newBase <= _log.Base.Index)
            return;
        var position = new LogPosition(newBase, _log.TermAt(newBase));
        _log.Compact(position);
        _core.OnCompacted();
        _node.Storage.Post(new StorageMail { Kind = StorageMailKind.Compact, Group = Id, Base = position });
        Shard.HasPosted = true;
        _node.Log.LogCompacted(Id, Description.Name, newBase, snapshot.Index);
    }

    /// <summary>A snapshot arrived from the leader. The core says whether it is still wanted.</summary>
    public void OnSnapshotReceived(ReceivedSnapshot received)
    {
        if (_install is not null || !_core.OnSnapshotReceived(received.From, received.File.Header.Meta))
            return;
        _install = new Install(received);
    }

    /// <summary>A transfer to a follower ended.</summary>
    public void OnSnapshotSent(RaftId to, bool arrived) => _core.ReportSnapshot(to, arrived);

    private void BeginInstall(ulong token, SnapshotMeta snapshot)
    {
        Invariant.Holds(_install is { } received && received.Snapshot.File.Header.Meta.Index == snapshot.Index, "only a snapshot that arrived is installed");
        _install.Token = token;
        _waiters.OnSnapshotInstalled(snapshot.Index, _completions);
    }

    /// <summary>Swaps the state as soon as the log that goes with it is durable (P9).</summary>
    private void FinishInstall(ulong token)
    {
        if (_install is not { } install || install.Token == 0 || install.Token > token)
            return;
        _install = null;
        SnapshotMeta meta = install.Snapshot.File.Header.Meta;
        lock (_machine.Gate)
        {
            if (_machine.Machine is { } machine)
            {
                machine.ReadSnapshot(install.Snapshot.Content);
                Invariant.Holds(machine.AppliedIndex == meta.Index, "a snapshot holds the state of the index that it names");
            }
            else
            {
                _machine.Miss(_machine.HaltReason!, meta.Index);
            }
        }

        _applyThrough = Math.Max(_applyThrough, meta.Index);
        _bytesSinceSnapshot = 0;
        _snapshotBytes = install.Snapshot.Content.Length;
        _snapshotAtMs = _node.Clock.MonotonicMs;
        _core.OnApplied(meta.Index);
        _node.Snapshots.DeleteOlder(Id, meta.Position);
        _snapshotsInstalled++;
        _node.Log.SnapshotInstalled(Id, Description.Name, meta.Index, install.Snapshot.From);
        if (Id == GroupId.System)
            _node.OnSystemApplied(((SystemMachine)_machine.Machine!.Machine).State);
    }

    private ulong CompactionTarget(ulong snapshotIndex)
    {
        ulong trailing = (ulong)_node.Options.Raft.TrailingLogs;
        ulong target = snapshotIndex - Math.Min(snapshotIndex, trailing);
        ulong held = target;
        foreach (RaftId member in _core.Status.Configuration.Members())
        {
            if (_core.ProgressOf(member) is { State: ProgressState.Replicate, RecentlyActive: true } progress)
                held = Math.Min(held, progress.Match);
        }

        ulong longest = Math.Max(1, trailing + (ulong)_node.Options.Raft.SnapshotThreshold) * HeldBackTimesMax;
        return snapshotIndex - Math.Min(snapshotIndex, held) > longest ? target : held;
    }

    private void EndCapture()
    {
        if (!_capturing)
            return;
        _capturing = false;
        _node.EndCapture();
    }

    private sealed class Install(ReceivedSnapshot snapshot)
    {
        public ReceivedSnapshot Snapshot { get; } = snapshot;

        /// <summary>The operation that carries its metadata; 0 until it was taken.</summary>
        public ulong Token { get; set; }
    }
}
