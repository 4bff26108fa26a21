using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Reads;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Transport;

using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Shards;

// From committed entries to answers. Small slices, so that heartbeats and other groups never wait for one machine's commands for long.
internal sealed partial class GroupReplica : IApplyObserver
{
    /// <summary>Calls of a machine are measured in stretches of at most so many.</summary>
    public const int StretchEntries = 16;

    private const int SliceEntriesMax = 64;
    private const long SliceUsMax = 200;
    private const int GateWaitMsMax = 1;
    private readonly GroupMachineSlot _machine;
    private readonly Entry[] _window = new Entry[StretchEntries];
    private const string LostEntriesSentence =
        "Its disk holds less than it acknowledged: restored from a backup, or synced writes were lost. It takes part in nothing any more; wipe its data directory and readmit it.";

    private ulong _applyThrough;
    private GroupStatus? _status;

    private bool CanApply => _install is null && !_machine.IsLent && !_machine.IsStopped && !_ordersStateHash;

    /// <summary>Second half of a turn: applies a slice of what is committed and answers the queries that it lets through, or has the worker do so where the machine is slow.</summary>
    public void ApplyAndAnswer()
    {
        if (_machine.IsLent)
            return;
        AnswerWatches(); // what the worker has applied
        if (TryLendForOperators())
            return;
        if (_machine.HaltReason is { } before)
            OnHalted(before);
        if (!_machine.IsFilled || !(HasMoreToApply || _reads.HasReady(_machine.Applied)))
            return;
        // Whoever asks for pages expects many items: that is no work for the shard, however quick the machine is otherwise.
        if (_pace.IsSlow(_node.Clock.MonotonicUs) || _reads.HasReadyInPages(_machine.Applied) || !TryApplyHere())
            LendBatch();
        else if (_machine.HaltReason is { } reason)
            OnHalted(reason);
        if (_machine.IsLent)
            return;
        AnswerWatches();
        TryLendForStateHash();
    }

    void IApplyObserver.OnApplied(ulong index, ulong term, in NodeReply reply)
    {
        // The waiters are the shard's: what happens on the worker's thread is told to them when the machine comes back.
        if (_machine.IsLent)
            _slowBatch.Keep(index, term, reply);
        else
            _waiters.OnApplied(index, term, reply, _completions);
    }

    void IApplyObserver.OnTimerFired(ulong index, TimerId timer, in NodeReply reply)
    {
        // Nobody waits for the reply, so a refusal is for the log.
        if (reply.Status == ReplyStatus.Rejected)
            _node.Log.TimerRejected(Id, Description.Name, timer.Value, index, reply.Code, reply.Message);
    }

    void IApplyObserver.OnCommandFailed(ulong index, Exception exception) => _node.Log.CommandFailed(exception, Id, Description.Name, index);

    void IApplyObserver.OnHalted(ulong index, string reason, Exception? cause) => _node.Log.MachineHalted(cause, Id, Description.Name, reason);

    /// <summary>False where something is left for the worker: a stretch took long and there is more, or a query of another thread doesn't let the machine go.</summary>
    private bool TryApplyHere()
    {
        if (!_machine.Gate.TryEnter(GateWaitMsMax))
        {
            _pace.Count(0, GateWaitMsMax * 1000, _node.Clock.MonotonicUs);
            return false;
        }

        try
        {
            return TryApplySlice() && TryAnswerReady();
        }
        finally
        {
            _machine.Gate.Exit();
        }
    }

    private bool TryApplySlice()
    {
        if (!HasMoreToApply)
            return true;
        bool command = false;
        int applied = 0;
        long longest = 0;
        long began = _node.Clock.MonotonicUs;
        for (long now = began; applied < SliceEntriesMax && HasMoreToApply && now - began < SliceUsMax;)
        {
            int wanted = (int)Math.Min(StretchEntries, _applyThrough - _machine.Applied);
            int count = _log.Read(_machine.Applied + 1, _window.AsSpan(0, wanted), long.MaxValue);
            Invariant.Holds(count > 0, "what is committed can be read");
            long stretchBegan = now;
            for (int i = 0; i < count && !_ordersStateHash && _machine.Apply(_window[i]); i++)
            {
                applied++;
                _bytesSinceSnapshot += _window[i].SizeBytes;
                command |= _window[i].Kind == EntryKind.Command;
                _ordersStateHash = TickPayload.OrdersStateHash(_window[i]);
            }

            now = _node.Clock.MonotonicUs;
            longest = Math.Max(longest, now - stretchBegan);
        }

        Array.Clear(_window);
        _pace.Count(applied, longest, began);
        if (applied > 0)
            OnApplied(command);
        return longest <= ApplyPace.StretchUsMax || !HasMoreToApply;
    }

    private void OnApplied(bool command)
    {
        _core.OnApplied(_machine.Applied);
        if (command && Id == GroupId.System)
            _node.OnSystemApplied(((SystemMachine)_machine.Machine!.Machine).State);
    }

    /// <summary>The machine will apply nothing more: nobody waits for what won't come.</summary>
    private void OnHalted(string reason)
    {
        _waiters.Abandon(reason, _completions);
        _reads.Abandon(ReplyStatus.MachineHalted, reason);
        _watches.Abandon(ReplyStatus.MachineHalted, reason);
    }

    private void Publish(UInt128? stateHash = null)
    {
        CoreStatus core = _core.Status;
        Member? leader = _node.MemberOf(core.Leader);
        var peers = new List<PeerStatus>();
        if (core.Role == RaftRole.Leader)
        {
            foreach (RaftId member in core.Configuration.Members())
            {
                if (member != _node.Identity.RaftId && _core.ProgressOf(member) is { } progress)
                    peers.Add(new PeerStatus(member, _node.MemberOf(member)?.Name, progress.Match, progress.Next, progress.State, progress.RecentlyActive)
                    {
                        Refusal = progress.HasLostEntries ? LostEntriesSentence : _reports.RefusalOf(member, _core.Clock.MonotonicMs),
                        Distrust = _reports.Of(member) is { Distrust: { Length: > 0 } distrust } ? distrust : null,
                    });
            }
        }

        MachinePosition machine = _machine.Position;
        Volatile.Write(
            ref _status,
            new GroupStatus(
                Id, Description.Name, Description.Machine, machine.MachineVersion, core.Role, core.Leader, leader?.Name, leader?.PeerAddress, core.HardState.Term, core.HardState.Commit,
                machine.Applied, core.FirstIndex, core.Last.Index, _log.Snapshot.Index, _snapshotsInstalled, machine.LogTimeMs, machine.ApplyHash, stateHash, _machine.HaltReason, core.Configuration,
                _core.ConfigurationAt(Math.Max(core.HardState.Commit, core.FirstIndex - 1)).Configuration, peers)
            {
                ClockAlarm = ClockAlarm,
                StateComparison = DescribeStates(core.Configuration),
                Quarantine = _standing == ReplicaStanding.Trusted ? null : _distrust,
                ApplyHandOvers = _handOvers,
                CapturePauseUs = _capturePauseUs,
                BinaryVersion = BinaryVersion,
            });
    }
}
