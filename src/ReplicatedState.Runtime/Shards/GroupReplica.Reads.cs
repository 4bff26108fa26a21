using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Cursors;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Reads;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Shards;

// Queries: from what recency each asks for to the moment when the state is recent enough, and the reply leaves.
internal sealed partial class GroupReplica
{
    /// <summary>Answers or refuses a query for which the state, as it is, will do. False where the shard must have a look. Any thread.</summary>
    public bool TryAnswerAtOnce(NodeRequest query)
    {
        ReadConsistency consistency = query.Consistency;
        if (consistency.Level == ConsistencyLevel.Local)
        {
            AnswerLocally(query);
            return true;
        }

        if (consistency.Level != ConsistencyLevel.Session)
            return false;
        if (FlawOf(consistency.Token) is { } flaw)
        {
            _completions.Refuse(query, ReplyStatus.InvalidConsistency, flaw);
            return true;
        }

        if (!_machine.HasApplied(consistency.Token.Index) && _node.Options.Mutant != NodeMutant.SessionReadDoesNotWait)
            return false;
        AnswerLocally(query);
        return true;
    }

    /// <summary>Answers a query from the state as it is. Any thread.</summary>
    public void AnswerLocally(NodeRequest query)
    {
        if (query.Kind == RequestKind.Watch)
        {
            AnswerWatch(query);
            return;
        }

        using FrameBuffer body = FrameBuffer.Rent();
        ReplyStatus status = Run(query, body, out string? code, out string? message, out ulong applied, out PagedResult? rest);
        Answer(query, new NodeReply { Status = status, Body = body.Written.Span, Code = code, Message = message, Index = applied }, rest);
    }

    /// <summary>A query was admitted that wants more than the state as it is.</summary>
    private void TakeQuery(NodeRequest query)
    {
        ReadConsistency consistency = query.Consistency;
        switch (consistency.Level)
        {
            case ConsistencyLevel.Lease when _node.Options.Mutant == NodeMutant.LeaseIsAssumed && IsLeader:
                _reads.AddRecent(query);
                break;
            case ConsistencyLevel.Lease:
                _reads.Add(query, ReadMode.Lease);
                break;
            case ConsistencyLevel.BoundedStaleness when IsFresh(consistency.MaxStalenessMs):
            case ConsistencyLevel.Session when consistency.Token.Index <= _machine.Applied:
                _reads.AddRecent(query);
                break;
            case ConsistencyLevel.Session:
                _reads.AddOfSession(query);
                break;
            default:
                // A stale state is refreshed by asking as a linearizable query does: what that sees isn't stale at all, and for a while others find the state fresh.
                _reads.Add(query, ReadMode.Linearizable);
                break;
        }
    }

    /// <summary>Whether the applied state contains everything that was acknowledged longer ago than that, whoever leads. A tick more than the clocks say, for what a stall may hide.</summary>
    private bool IsFresh(int maxStalenessMs) =>
        (_core.StateIsFreshAsOfMs is { } asOf && _core.Clock.MonotonicMs - asOf + _node.TickMs <= maxStalenessMs)
        || (_node.Options.Mutant == NodeMutant.FreshByHeartbeat && !_core.Status.Leader.IsNone);

    private string? FlawOf(SessionToken token)
    {
        if (token.IsEmpty)
            return null;
        if (token.Group != Id.Value)
            return $"The session token {token} is of group {token.Group}, and the query asks group {Id} ('{Description.Name}').";
        uint epoch = _node.Identity.Epoch;
        return token.Epoch == epoch
            ? null
            : $"The session token {token} is of epoch {token.Epoch}, and this node's is {epoch}: the cluster was recovered by force, and what the session has seen may be gone. Begin a new session.";
    }

    private bool TryAnswerReady()
    {
        long now = _node.Clock.MonotonicUs;
        long until = now + SliceUsMax;
        while (_reads.TakeReady(_machine.Applied) is { } batch)
        {
            int answered = AnswerUntil(until, batch, ref now, out bool isVoid);
            if (answered == batch.Queries.Count)
            {
                _reads.Recycle(batch);
                continue;
            }

            batch.Queries.RemoveRange(0, answered);
            if (isVoid)
            {
                _reads.AskAgain(batch);
                continue;
            }

            _slowBatch.Reads.Add(batch);
            return false;
        }

        return true;
    }

    /// <summary>Answers as many of the batch's queries as the time allows, and, where a lease confirmed them, as long as it isn't void. Returns how many.</summary>
    private int AnswerUntil(long until, ReadBatch batch, ref long now, out bool isVoid)
    {
        isVoid = false;
        int answered = 0;
        while (answered < batch.Queries.Count && now < until)
        {
            long began = now;
            if (!batch.IsByLease)
                AnswerLocally(batch.Queries[answered]);
            else if (isVoid = !TryAnswerByLease(batch.Queries[answered], batch.Confirmed!.Value))
                break;
            answered++;
            now = _node.Clock.MonotonicUs;
            _pace.Count(1, now - began, now);
        }

        return answered;
    }

    /// <summary>Runs a query on the state as it is, for whoever answers it later. Any thread.</summary>
    /// <param name="query">The query.</param>
    /// <param name="body">Gets the result, or its first page.</param>
    /// <param name="code">As in a reply.</param>
    /// <param name="message">As in a reply.</param>
    /// <param name="applied">The index that the state had applied.</param>
    /// <param name="rest">The other pages; for <see cref="TryRelease"/>, or to be disposed.</param>
    public ReplyStatus Run(NodeRequest query, IBufferWriter<byte> body, out string? code, out string? message, out ulong applied, out PagedResult? rest)
    {
        if (query.InPages)
            return RunInPages(query, body, out code, out message, out applied, out rest);
        rest = null;
        return _machine.Query(new ReadOnlySequence<byte>(query.Payload.Memory), body, out code, out message, out applied);
    }

    private bool TryAnswerByLease(NodeRequest query, in ConfirmedRead read)
    {
        using FrameBuffer body = FrameBuffer.Rent();
        ReplyStatus status = Run(query, body, out string? code, out string? message, out ulong applied, out PagedResult? rest);
        return TryRelease(query, read, new NodeReply { Status = status, Body = body.Written.Span, Code = code, Message = message, Index = applied }, rest);
    }

    /// <summary>
    /// Lets a reply leave that a lease allowed. False where that ran out, or the node stood still, meanwhile: then nobody knows what others have written since; and where the state was found
    /// wrong.
    /// </summary>
    private bool TryRelease(NodeRequest query, in ConfirmedRead read, in NodeReply reply, PagedResult? rest)
    {
        if (!MayRelease(read))
        {
            rest?.Dispose();
            return false;
        }

        Answer(query, reply, rest);
        return true;
    }

    private bool MayRelease(in ConfirmedRead read)
    {
        if (_machine.HaltReason is not null || !Shard.TryLookAtClock(out ClockReading now))
            return false;
        _core.Clock = now;
        return _core.MayAnswer(read);
    }
}
