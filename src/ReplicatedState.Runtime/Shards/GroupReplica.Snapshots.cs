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
    private long _capturePauseUs;
    private bool _capturing;
    private bool _captureWanted;
    private Install? _install;

    /// <summary>Takes a snapshot as soon as the machine is free and no other group of the node takes one; false where one is under way, or there is nothing to take.</summary>
    public bool TryCapture()
    {
        if (_capturing || _captureWanted || !CanBeCaptured)
            return false;
        _captureWanted = true;
        return true;
    }

    private bool CanBeCaptured => _install is null && _machine.IsFilled && _machine.HaltReason is null && _machine.Applied > _log.Snapshot.Index;

    /// <summary>Lends the machine to have its state written; false where that makes no sense any more, or has to wait for another group's turn at it.</summary>
    private bool TryBeginCapture()
    {
        _captureWanted = CanBeCaptured;
        if (!_captureWanted || _machine.Machine is not { } machine || !_node.TryBeginCapture())
            return false;
        _captureWanted = false;
        _capturing = true;
        (ulong configIndex, Configuration configuration) = _core.ConfigurationAt(machine.AppliedIndex);
        var meta = new SnapshotMeta(machine.AppliedIndex, machine.AppliedTerm, configuration, configIndex, machine.LogTimeMs);
        var header = new SnapshotHeader(_node.Identity.ClusterGuid!.Value, Id, meta, Description.Machine, machine.MachineVersion);
        GiveWithMachine(new StateCapture(_machine.Lend(), header, _node.Clock));
        return true;
    }

    private void OnCaptured(StateCapture capture)
    {
        if (_machine.HaltReason is not null)
        {
            // What was captured isn't trusted any more.
            capture.Buffer.Dispose();
            EndCapture();
            return;
        }

        _node.Log.SnapshotCaptured(Id, Description.Name, capture.Header.Meta.Index, capture.Buffer.Length, capture.PauseUs);
        _capturePauseUs = capture.PauseUs;
        _bytesSinceSnapshot = 0;
        _snapshotBytes = capture.Buffer.Length;
        _snapshotAtMs = _node.Clock.MonotonicMs;
        _node.Snapshots.Save(this, capture.Header, capture.Buffer);
    }

    /// <summary>The file of the captured state is durable: next its metadata.</summary>
    public void OnSnapshotSaved(StoredSnapshot saved)
    {
        if (saved.Header.Meta.Index <= _log.Snapshot.Index || _machine.HaltReason is not null)
        {
            // A newer one came from the leader meanwhile, or the state isn't trusted any more.
            EndCapture();
            return;
        }

        _node.Storage.Post(new StorageMail { Kind = StorageMailKind.SetSnapshot, Group = Id, Replica = this, Snapshot = saved.Header.Meta });
        Shard.HasPosted = true;
    }

    /// <summary>The snapshot is on record: what it covers may go, but for what followers still want.</summary>
    public void OnSnapshotRecorded(SnapshotMeta snapshot)
    {
        if (TryRecordReinstall(snapshot))
            return;
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
        if (_install is not null)
            return;
        if (_core.OnSnapshotReceived(received.From, received.File.Header.Meta))
            BeginRestore(new Install(received.From, received.File.Header.Meta), received.File);
        else
            TryReinstall(received);
    }

    /// <summary>A transfer to a follower ended.</summary>
    public void OnSnapshotSent(RaftId to, bool arrived) => _core.ReportSnapshot(to, arrived);

    private void BeginInstall(ulong token, SnapshotMeta snapshot)
    {
        Invariant.Holds(_install is { } install && install.Meta.Index == snapshot.Index, "only a snapshot that arrived is installed");
        _install.Token = token;
        _waiters.OnSnapshotInstalled(snapshot.Index, _completions);
    }

    private void BeginRestore(Install install, StoredSnapshot? received)
    {
        _install = install;
        GiveToWorker(new SnapshotRestore(_node, this, install.Meta, received));
    }

    private void OnInstallPersisted(ulong token)
    {
        if (_install is not { } install || install.Token == 0 || install.Token > token)
            return;
        install.IsDurable = true;
        FinishInstall();
    }

    /// <summary>Swaps the state as soon as the log that goes with it is durable (P9), the new state is there, and nobody works on the old one.</summary>
    private void FinishInstall()
    {
        if (_install is not { IsDurable: true, Restored: { } restored } install || _machine.IsLent)
            return;
        _install = null;
        SnapshotMeta meta = install.Meta;
        if (restored.Machine is { } machine)
            _machine.Fill(machine);
        else
            _machine.Skip(meta.Index);
        _applyThrough = Math.Max(_applyThrough, meta.Index);
        _bytesSinceSnapshot = 0;
        _snapshotBytes = restored.Bytes;
        _snapshotAtMs = _node.Clock.MonotonicMs;
        _core.OnApplied(meta.Index);
        if (!install.From.IsNone)
        {
            _node.Snapshots.DeleteOlder(Id, meta.Position);
            _snapshotsInstalled++;
            _node.Log.SnapshotInstalled(Id, Description.Name, meta.Index, install.From);
            OnStateReplaced(meta.Index);
        }

        // What the system group's snapshot says of members and groups holds from now on: no entry above it need ever say it again.
        if (Id == GroupId.System)
            _node.OnSystemApplied(((SystemMachine)_machine.Machine!.Machine).State);
        Publish();
    }

    private ulong CompactionTarget(ulong snapshotIndex)
    {
        ulong trailing = (ulong)_node.Options.Raft.TrailingLogs;
        ulong target = snapshotIndex - Math.Min(snapshotIndex, trailing);
        ulong held = target;
        foreach (RaftId member in _core.Status.Configuration.Members())
        {
            if (_reports.IsAround(member, _core.Clock.MonotonicMs) && _core.ProgressOf(member) is { State: ProgressState.Replicate } progress)
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

    /// <summary>A snapshot that takes the place of the state: from a leader, or, where <paramref name="from"/> is nobody, from the disk when the group is opened.</summary>
    private sealed class Install(RaftId from, SnapshotMeta meta)
    {
        public RaftId From { get; } = from;

        public SnapshotMeta Meta { get; } = meta;

        /// <summary>It replaces the state alone: the log holds everything above it.</summary>
        public bool IsReinstall { get; init; }

        /// <summary>The operation that carries its metadata; 0 until it was taken.</summary>
        public ulong Token { get; set; }

        /// <summary>True when that operation is durable.</summary>
        public bool IsDurable { get; set; }

        /// <summary>The state, when it has been read.</summary>
        public SnapshotRestore? Restored { get; set; }
    }
}
