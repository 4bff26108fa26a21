using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Snapshots;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Shards;

// When the own state may be wrong. In doubt it answers nothing. Found wrong it is in quarantine, over restarts too: it votes and stores, never leads, applies and answers nothing, and asks the
// leader for a snapshot. From that it applies again, still answers nothing, and is trusted when its hash was found right.
internal sealed partial class GroupReplica
{
    /// <summary>A state that diverges again and again is reinstalled ever more rarely, and no more rarely than this.</summary>
    private const long ReinstallPauseMsMax = 10 * 60 * 1000;

    private ReplicaStanding _standing;
    private string _distrust = "";
    private QuarantineRecord? _quarantine;
    private bool _isQuarantineKept;
    private bool _isReleasing;
    private ulong _doubtAt;
    private HashKind _doubtOf;
    private ulong _replacedAt;
    private ulong _proveAt;
    private int _reinstalls;
    private long _askAfterMs;
    private bool _claimsSpaced;

    /// <summary>The leader's judgement of this replica.</summary>
    public void OnVerdict(RaftId from, in Verdict verdict)
    {
        CoreStatus core = _core.Status;
        // What concerns a state that a snapshot has replaced since is over.
        if (core.Leader != from || core.HardState.Term != verdict.Term || (verdict.At.Index <= _replacedAt && verdict.Kind != VerdictKind.Equal))
            return;
        switch (verdict.Kind)
        {
            case VerdictKind.Equal:
                OnFoundEqual(verdict);
                break;
            case VerdictKind.Doubt when _standing == ReplicaStanding.Trusted && IsContradicted(verdict):
                Doubt(verdict, _node.MemberOf(from)?.Name ?? from.ToString());
                break;
            case VerdictKind.Minority when _standing != ReplicaStanding.Quarantined && IsContradicted(verdict):
                Quarantine(verdict.At.Index, Sentences.Minority(this, verdict));
                break;
            case VerdictKind.NoMajority when _standing != ReplicaStanding.Quarantined:
                Quarantine(verdict.At.Index, Sentences.NoMajority(this, verdict));
                break;
        }
    }

    /// <summary>The quarantine is on the disk.</summary>
    public void OnQuarantineKept(QuarantineRecord record) => _isQuarantineKept |= ReferenceEquals(record, _quarantine);

    /// <summary>The disk knows of no quarantine any more.</summary>
    public void OnQuarantineReleased(QuarantineRecord record)
    {
        if (!ReferenceEquals(record, _quarantine))
            return;
        _quarantine = null;
        _isReleasing = false;
        _core.AllowLeading(true);
        _node.Log.Trusted(Id, Description.Name, _replacedAt);
        SetStanding(ReplicaStanding.Trusted, "");
    }

    /// <summary>Continues a quarantine of an earlier life.</summary>
    private void ResumeQuarantine(QuarantineRecord record)
    {
        _quarantine = record;
        _isQuarantineKept = true;
        _core.AllowLeading(false);
        _node.Log.Quarantined(record.Sentence);
        SetStanding(ReplicaStanding.Quarantined, record.Sentence);
    }

    private void Quarantine(ulong index, string sentence)
    {
        if (_standing == ReplicaStanding.Proving)
            _askAfterMs = _core.Clock.MonotonicMs + Math.Min(ReinstallPauseMsMax, (long)_node.Options.Raft.ElectionTimeoutMaxMs << Math.Min(_reinstalls, 20));
        _quarantine = new QuarantineRecord(Id, index, sentence);
        _isQuarantineKept = _isReleasing = false;
        _core.AllowLeading(false);
        _node.Log.Quarantined(sentence);
        // In force at once; it is told to others when it is on the disk, or a restart would take it back.
        SetStanding(ReplicaStanding.Quarantined, sentence);
        _node.Snapshots.Keep(this, _quarantine);
    }

    private void Doubt(in Verdict verdict, string other)
    {
        if (_standing != ReplicaStanding.Trusted)
            return;
        _doubtAt = verdict.At.Index;
        _doubtOf = verdict.Hash;
        string sentence = Sentences.Doubt(this, verdict, other);
        _node.Log.Doubted(sentence);
        SetStanding(ReplicaStanding.Doubted, sentence);
    }

    private void OnFoundEqual(in Verdict verdict)
    {
        HashCheckpoint at = verdict.At;
        if ((verdict.Hash == HashKind.Apply ? OwnHash(at.Index) : OwnState(at.Index)) != at.Hash)
            return;
        if (_standing == ReplicaStanding.Doubted && verdict.Hash == _doubtOf && at.Index >= _doubtAt)
        {
            _node.Log.Trusted(Id, Description.Name, at.Index);
            SetStanding(ReplicaStanding.Trusted, "");
        }
        else if (_standing == ReplicaStanding.Proving && verdict.Hash == HashKind.Apply && at.Index >= _proveAt && !_isReleasing)
        {
            _isReleasing = true;
            _node.Snapshots.Release(this, _quarantine!);
        }
    }

    private void SetStanding(ReplicaStanding standing, string sentence)
    {
        _standing = standing;
        _distrust = sentence;
        _machine.Distrust(sentence.Length == 0 ? null : sentence, freeze: standing == ReplicaStanding.Quarantined);
        if (standing != ReplicaStanding.Trusted)
            OnHalted(sentence);
        Publish();
    }

    /// <summary>Whether this replica has another hash than the verdict names, or none that it remembers.</summary>
    private bool IsContradicted(in Verdict verdict) =>
        verdict.Hash == HashKind.Apply ? OwnHash(verdict.At.Index) != verdict.At.Hash : OwnState(verdict.At.Index) is { } state && state != verdict.At.Hash;

    /// <summary>The own apply hash of an index; null where it isn't remembered, or somebody else has the machine.</summary>
    private UInt128? OwnHash(ulong index) => _machine.Machine is { } machine && machine.Checkpoints.TryGet(index, out UInt128 hash) ? hash : null;

    /// <summary>What this replica's state machine came to, for the leader: by turns the last index, which an idle group's replicas share, and the last that all of a busy group's remember.</summary>
    private HashCheckpoint Claim()
    {
        if (_standing == ReplicaStanding.Quarantined)
            return default;
        MachinePosition machine = _machine.Position;
        _claimsSpaced = !_claimsSpaced;
        return _claimsSpaced && machine.Spaced.Index > 0 ? machine.Spaced : new HashCheckpoint(machine.Applied, machine.ApplyHash);
    }

    /// <summary>The least index of a snapshot that this replica is waiting for; 0 where it waits for none.</summary>
    private ulong WantedSnapshot(long nowMs) =>
        _standing == ReplicaStanding.Quarantined && _isQuarantineKept && _install is null && _node.Options.Raft.ReinstallQuarantined && nowMs >= _askAfterMs
            ? Math.Max(1, Math.Max(_quarantine!.Index, _log.Snapshot.Index))
            : 0;

    /// <summary>
    /// A state from the leader for a log that needs nothing: only the state is put in its place, and what is committed above it is applied to it again. The snapshot goes on record first, as one of the
    /// own state would, so that a crash leaves either.
    /// </summary>
    private void TryReinstall(ReceivedSnapshot received)
    {
        SnapshotMeta meta = received.File.Header.Meta;
        ulong wanted = WantedSnapshot(_core.Clock.MonotonicMs);
        if (wanted == 0 || meta.Index < wanted || meta.Index > _applyThrough || meta.Index < _log.Base.Index || received.From != _core.Status.Leader || _log.TermAt(meta.Index) != meta.Term)
            return;
        bool isOnRecord = meta.Index == _log.Snapshot.Index;
        if (!isOnRecord)
        {
            _node.Storage.Post(new Persistence.StorageMail { Kind = Persistence.StorageMailKind.SetSnapshot, Group = Id, Replica = this, Snapshot = meta });
            Shard.HasPosted = true;
        }

        BeginRestore(new Install(received.From, meta) { IsReinstall = true, IsDurable = isOnRecord }, received.File);
    }

    /// <summary>True where a snapshot that is on record now is the one that is being reinstalled.</summary>
    private bool TryRecordReinstall(SnapshotMeta snapshot)
    {
        if (_install is not { IsReinstall: true, IsDurable: false } install || install.Meta.Index != snapshot.Index)
            return false;
        _log.SetSnapshot(snapshot);
        install.IsDurable = true;
        FinishInstall();
        return true;
    }

    /// <summary>A leader's state took the place of the own one.</summary>
    private void OnStateReplaced(ulong index)
    {
        _replacedAt = index;
        _stateAt = default;
        // What the old state had applied, and may have been seen, the new one has to reach before it answers: sessions and bounds of staleness count on that.
        _proveAt = Math.Max(index, _core.Status.Applied);
        if (_standing != ReplicaStanding.Quarantined || index < _quarantine!.Index)
            return;
        _reinstalls++;
        _node.Log.Reinstalled(Id, Description.Name, index);
        SetStanding(ReplicaStanding.Proving, _quarantine.Sentence);
    }

    /// <summary>What operators and callers are told.</summary>
    private static class Sentences
    {
        public static string Minority(GroupReplica group, in Verdict verdict) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Who(group)} is in quarantine: at entry {verdict.At.Index} {What(verdict.Hash)} {Own(group, verdict)}, and {verdict.At.Hash:x32} on a majority of the voters. A command did here what it didn't do there: it depends on "
            + $"more than its arguments, its context and the state, or the hardware failed. The node votes and stores, and answers nothing of the group. {WayOut(group)}");

        public static string NoMajority(GroupReplica group, in Verdict verdict) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Who(group)} is in quarantine: at entry {verdict.At.Index} {What(verdict.Hash)} {Own(group, verdict)} and {verdict.At.Hash:x32} on the leader, the voters differ, and no majority has the same. Nobody can tell whose state is right, "
            + $"so none of them answers. Decide whose state to keep, stop that node, delete {group._node.Distrust.PathOf(group.Id)} there, and start it again: the others reinstall from it.");

        public static string Doubt(GroupReplica group, in Verdict verdict, string other) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Who(group)} answers nothing for now: at entry {verdict.At.Index} its {(verdict.Hash == HashKind.Apply ? "apply hash" : "state")} differs from that of '{other}', and it isn't known yet what a majority of the voters has. "
            + $"Start the voters that are down.");

        private static string Who(GroupReplica group) => $"Group {group.Id} ('{group.Description.Name}') on '{group._node.Options.Name}'";

        private static string What(HashKind hash) => hash == HashKind.Apply ? "its apply hash is" : "the hash of its state is";

        private static string Own(GroupReplica group, in Verdict verdict)
        {
            UInt128? own = verdict.Hash == HashKind.Apply ? group.OwnHash(verdict.At.Index) : group.OwnState(verdict.At.Index);
            return own is { } hash ? hash.ToString("x32", CultureInfo.InvariantCulture) : "another one";
        }

        private static string WayOut(GroupReplica group) => group._node.Options.Raft.ReinstallQuarantined
            ? "Its state is reinstalled from a snapshot of the leader's; nothing has to be done. If it comes back here, look for the command."
            : "raft.reinstall_quarantined is off: set it and restart, or wipe the data directory and readmit the node.";
    }
}
