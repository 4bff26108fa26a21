using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Reads;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Transport;

using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Shards;

// From committed entries to answers. Small slices, so that heartbeats and other groups never wait for one machine's commands for long.
internal sealed partial class GroupReplica : IApplyObserver
{
    private const int SliceEntriesMax = 64;
    private const long SliceUsMax = 200;
    private const int WindowEntries = 16;
    private readonly GroupMachineSlot _machine;
    private readonly Entry[] _window = new Entry[WindowEntries];
    private ulong _applyThrough;
    private bool _appliedCommand;
    private GroupStatus? _status;

    private bool CanApply => _machine.HaltReason is null && _install is null;

    /// <summary>Second half of a turn: applies a slice of what is committed, then answers the queries that it lets through.</summary>
    public void ApplyAndAnswer()
    {
        if (HasMoreToApply)
        {
            ulong before = _machine.Applied;
            ApplySlice();
            if (_machine.Applied > before)
                _core.OnApplied(_machine.Applied);
            if (_appliedCommand && Id == GroupId.System)
                _node.OnSystemApplied(((SystemMachine)_machine.Machine!.Machine).State);
            _appliedCommand = false;
        }

        if (_machine.HaltReason is { } reason)
            OnHalted(reason);
        while (_reads.TakeReady(_machine.Applied) is { } batch)
            Answer(batch);
    }

    /// <summary>Answers a query from the state as it is. Any thread.</summary>
    public void AnswerLocally(NodeRequest query)
    {
        using FrameBuffer body = FrameBuffer.Rent();
        ReplyStatus status = _machine.Query(new ReadOnlySequence<byte>(query.Payload.Memory), body, out string? code, out string? message, out ulong applied);
        _completions.Complete(query, new NodeReply { Status = status, Body = body.Written.Span, Code = code, Message = message, Index = applied });
    }

    void IApplyObserver.OnApplied(ulong index, ulong term, in NodeReply reply) => _waiters.OnApplied(index, term, reply, _completions);

    void IApplyObserver.OnCommandFailed(ulong index, Exception exception) => _node.Log.CommandFailed(exception, Id, Description.Name, index);

    void IApplyObserver.OnHalted(ulong index, string reason, Exception? cause) => _node.Log.MachineHalted(cause, Id, Description.Name, reason);

    private void ApplySlice()
    {
        long until = _node.Clock.MonotonicUs + SliceUsMax;
        lock (_machine.Gate)
        {
            for (int applied = 0; applied < SliceEntriesMax && _machine.Applied < _applyThrough && _machine.HaltReason is null;)
            {
                int wanted = (int)Math.Min(WindowEntries, _applyThrough - _machine.Applied);
                int count = _log.Read(_machine.Applied + 1, _window.AsSpan(0, wanted), long.MaxValue);
                Invariant.Holds(count > 0, "what is committed can be read");
                for (int i = 0; i < count && _machine.Apply(_window[i]); i++)
                {
                    applied++;
                    _bytesSinceSnapshot += _window[i].SizeBytes;
                    _appliedCommand |= _window[i].Kind == EntryKind.Command;
                }

                if (_node.Clock.MonotonicUs >= until)
                    break;
            }

            Array.Clear(_window);
        }
    }

    /// <summary>The machine will apply nothing more: nobody waits for what won't come.</summary>
    private void OnHalted(string reason)
    {
        _waiters.Abandon(reason, _completions);
        _reads.Abandon(ReplyStatus.MachineHalted, reason);
    }

    private void Answer(ReadBatch batch)
    {
        foreach (NodeRequest query in batch.Queries)
            AnswerLocally(query);
        _reads.Recycle(batch);
    }

    private void Publish(bool stateHash)
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
                        Refusal = _reports.RefusalOf(member, _core.Clock.MonotonicMs),
                    });
            }
        }

        _machine.Observe(stateHash, out ulong applied, out long logTime, out UInt128 applyHash, out int version, out UInt128? hash);
        Volatile.Write(
            ref _status,
            new GroupStatus(
                Id, Description.Name, Description.Machine, version, core.Role, core.Leader, leader?.Name, leader?.PeerAddress, core.HardState.Term, core.HardState.Commit,
                applied, core.FirstIndex, core.Last.Index, _log.Snapshot.Index, _snapshotsInstalled, logTime, applyHash, hash, _machine.HaltReason, core.Configuration, peers)
            {
                ClockAlarm = ClockAlarm,
            });
    }
}
