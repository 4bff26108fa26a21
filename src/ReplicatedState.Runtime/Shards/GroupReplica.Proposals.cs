using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Shards;

// Admitted calls on their way into the log: everything that arrived for the group within a turn is appended together.
internal sealed partial class GroupReplica
{
    private const int PayloadSlabBytes = 64 * 1024;
    private readonly List<NodeRequest> _arrived = [];
    private readonly List<(EntryKind Kind, byte[] Payload)> _ownProposals = [];
    private ProposalData[] _batch = [];

    /// <summary>A call was admitted.</summary>
    public void OnRequest(NodeRequest request, long nowMs)
    {
        if (request.DeadlineMs <= nowMs)
            _completions.Refuse(request, ReplyStatus.DeadlineExceeded, "The deadline passed before the call was taken up.");
        else if (request.Kind is RequestKind.Query or RequestKind.Watch && _standing != ReplicaStanding.Trusted && !IsLeader)
            _completions.NotLeader(request); // whoever leads has a state to answer from
        else if (request.Kind == RequestKind.Query)
            TakeQuery(request);
        else if (request.Kind == RequestKind.Watch)
            TakeWatch(request, nowMs);
        else if (IsWindowFull(request))
            _completions.Refuse(request, ReplyStatus.Overloaded, $"Session {request.Session} has too many calls under way; its client acknowledges some first, or opens another session.");
        else
            _arrived.Add(request);
    }

    /// <summary>What apply would refuse anyway isn't worth an entry.</summary>
    private bool IsWindowFull(NodeRequest request) =>
        request.Session != 0
        && request.Kind == RequestKind.Command
        && _machine.Machine is { } machine
        && machine.IsWindowFull(request.Session, request.Sequence, request.AcknowledgedUpTo);

    /// <summary>Ends a call that was admitted and didn't reach the shard. Any thread.</summary>
    public void RefuseAdmitted(NodeRequest request, ReplyStatus status, string why) => _completions.Refuse(request, status, why);

    /// <summary>The node itself has something to append; nobody waits for it. Dropped unless this node leads.</summary>
    public void ProposeOwn(EntryKind kind, byte[] payload) => _ownProposals.Add((kind, payload));

    private void ProposeWaiting()
    {
        ProposeOwnEntries();
        if (_arrived.Count == 0)
            return;
        if (_node.LowSpace is { } lowSpace)
        {
            RefuseProposals(ReplyStatus.Overloaded, lowSpace);
            return;
        }

        if (_machine.HaltReason is { } reason && IsLeader)
        {
            RefuseProposals(ReplyStatus.MachineHalted, reason);
            return;
        }

        RefuseCommandsAhead();
        int batchMax = _node.Options.Raft.ReplicationBatchSize;
        for (int from = 0; from < _arrived.Count; from += batchMax)
            ProposeBatch(from, Math.Min(batchMax, _arrived.Count - from));
        _arrived.Clear();
    }

    private void ProposeBatch(int from, int count)
    {
        if (_batch.Length < count)
            _batch = new ProposalData[_node.Options.Raft.ReplicationBatchSize];
        for (int i = 0; i < count; i++)
            _batch[i] = Encode(_arrived[from + i]);
        ProposeResult result = _core.Propose(_batch.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            // The core has taken a reference of its own, if it took the entry at all.
            _batch[i].Payload.Release();
            NodeRequest request = _arrived[from + i];
            if (result.Outcome == ProposeOutcome.Accepted)
                _waiters.Add(result.FirstIndex + (ulong)i, result.Term, request, _completions);
            else if (result.Outcome == ProposeOutcome.NotLeader)
                _completions.NotLeader(request);
            else
                _completions.Refuse(request, ReplyStatus.Overloaded, Describe(result.Reason));
        }

        Array.Clear(_batch, 0, count);
    }

    private void ProposeOwnEntries()
    {
        foreach ((EntryKind kind, byte[] payload) in _ownProposals)
        {
            // It is proposed again by whoever leads when it is still missing.
            if (_machine.HaltReason is null)
                _core.Propose([new ProposalData(kind, Payload.Of(payload))]);
        }

        _ownProposals.Clear();
    }

    private void RefuseProposals(ReplyStatus status, string why)
    {
        foreach (NodeRequest request in _arrived)
            _completions.Refuse(request, status, why);
        _arrived.Clear();
    }

    /// <summary>Makes the payload of the entry: a command travels with who sent it and how it is told from its repetition.</summary>
    private ProposalData Encode(NodeRequest request)
    {
        switch (request.Kind)
        {
            case RequestKind.OpenSession:
                return new ProposalData(EntryKind.OpenSession, Payload.Empty);
            case RequestKind.CloseSession:
            {
                Payload payload = _payloads.Reserve(CloseSessionPayload.Size(request.Session), out Span<byte> room);
                CloseSessionPayload.Write(room, request.Session);
                return new ProposalData(EntryKind.CloseSession, payload);
            }

            default:
            {
                var header = new CommandHeader
                {
                    Session = request.Session,
                    Sequence = request.Sequence,
                    AcknowledgedUpTo = request.AcknowledgedUpTo,
                    IdempotencyKey = request.IdempotencyKey.Span,
                    Caller = request.Caller,
                };
                Payload payload = _payloads.Reserve(header.Size + request.Payload.Length, out Span<byte> room);
                int headerSize = header.Write(room);
                request.Payload.Span.CopyTo(room[headerSize..]);
                return new ProposalData(EntryKind.Command, payload);
            }
        }
    }

    private static string Describe(BusyReason reason) => reason switch
    {
        BusyReason.UncommittedBytes => "Too many commands are waiting to be replicated.",
        BusyReason.UnappliedBytes => "Too many commands are waiting to be applied.",
        BusyReason.LeadershipTransfer => "Leadership is being handed over.",
        _ => "The leader takes no commands at the moment.",
    };
}
