using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Reads;

/// <summary>
/// A group's queries that wait: those of one turn ask the leader together, and wait until what they may see has been applied (dissertation 6.4). Owned by the shard.
/// </summary>
/// <remarks>
/// Every query ends: answered, or refused because nobody can be asked, its deadline passed, the machine halted or the node stopped. A query of a session asks too: the answer brings the
/// commit index along, which a follower would otherwise hear of with the next heartbeat, and tells a token that the group never gave from one that is only ahead.
/// </remarks>
internal sealed class PendingReads(RaftId self, ulong bootId, GroupId group, Completions completions)
{
    private readonly List<ReadBatch> _asked = [];
    private readonly Stack<ReadBatch> _spare = new();
    private ReadBatch? _byQuorum;
    private ReadBatch? _byLease;
    private ReadBatch? _ofSessions;
    private ReadBatch? _unasked;
    private ulong _sequence;

    /// <summary>True while queries wait for their answer.</summary>
    public bool HasPending => _asked.Count > 0 || _byQuorum is not null || _byLease is not null || _ofSessions is not null || _unasked is not null;

    /// <summary>Takes a query in that the leader must confirm; asked at the end of the turn.</summary>
    public void Add(NodeRequest query, ReadMode mode)
    {
        if (mode == ReadMode.Lease)
            Arriving(ref _byLease).Add(query);
        else
            Arriving(ref _byQuorum).Add(query);
    }

    /// <summary>Takes a query in that waits for what its session has seen.</summary>
    public void AddOfSession(NodeRequest query) => Arriving(ref _ofSessions).Add(query);

    /// <summary>Takes a query in for which the state is recent enough: it waits for nothing but the machine.</summary>
    public void AddRecent(NodeRequest query) => Arriving(ref _unasked).Add(query);

    /// <summary>Asks a quorum about queries that a lease had confirmed and doesn't cover any longer; with a new context, as every question.</summary>
    public void AskAgain(ReadBatch batch)
    {
        ReadBatch arriving = Arriving(ref _byQuorum);
        foreach (NodeRequest query in batch.Queries)
            arriving.Add(query);
        Recycle(batch);
    }

    /// <summary>Asks for all that arrived, with contexts that were never used before.</summary>
    public void Ask(RaftCore core)
    {
        Ask(core, ref _byQuorum, ReadMode.Linearizable);
        Ask(core, ref _byLease, ReadMode.Lease);
        if (_ofSessions is { } sessions)
            sessions.IsOfSessions = true;
        Ask(core, ref _ofSessions, ReadMode.Linearizable);
        if (_unasked is not { } recent)
            return;
        _unasked = null;
        recent.Sequence = ++_sequence;
        recent.Confirmed = default(ConfirmedRead);
        _asked.Add(recent);
    }

    /// <summary>The leader answered.</summary>
    public void OnConfirmed(in ConfirmedRead read)
    {
        if (Find(read.Context) is not { } batch)
            return;
        batch.Confirmed = read;
        if (!batch.IsOfSessions)
            return;
        for (int i = batch.Queries.Count - 1; i >= 0; i--)
        {
            NodeRequest query = batch.Queries[i];
            if (query.Consistency.Token.Index <= read.Index)
                continue;
            batch.Queries.RemoveAt(i);
            completions.Refuse(
                query,
                ReplyStatus.InvalidConsistency,
                $"The session token {query.Consistency.Token} says more than group {group} has committed ({read.Index}): it is another cluster's, or the cluster was restored from an older state. Begin a new session.");
        }

        if (batch.Queries.Count == 0)
            Drop(batch);
    }

    /// <summary>Nobody will answer.</summary>
    public void OnFailed(in ReadContext context)
    {
        if (Find(context) is not { } batch)
            return;
        foreach (NodeRequest query in batch.Queries)
            RefuseUnconfirmed(query);
        Drop(batch);
    }

    /// <summary>True where a batch may be answered now.</summary>
    public bool HasReady(ulong applied)
    {
        foreach (ReadBatch batch in _asked)
        {
            if (batch.IsReady(applied))
                return true;
        }

        return false;
    }

    /// <summary>True where one of those is in pages.</summary>
    public bool HasReadyInPages(ulong applied)
    {
        foreach (ReadBatch batch in _asked)
        {
            if (batch.HasInPages && batch.IsReady(applied))
                return true;
        }

        return false;
    }

    /// <summary>A batch that may be answered now; the caller answers its queries and gives it to <see cref="Recycle"/>.</summary>
    public ReadBatch? TakeReady(ulong applied)
    {
        for (int i = 0; i < _asked.Count; i++)
        {
            ReadBatch batch = _asked[i];
            if (!batch.IsReady(applied))
                continue;
            if (batch.IsOfSessions)
                return TakeReadyOfSessions(batch, applied);
            _asked.RemoveAt(i);
            return batch;
        }

        return null;
    }

    /// <summary>Takes back an answered batch.</summary>
    public void Recycle(ReadBatch batch)
    {
        batch.Clear();
        _spare.Push(batch);
    }

    /// <summary>Ends the queries whose callers don't wait any longer.</summary>
    public void ExpireAt(long nowMs, ulong applied)
    {
        for (int at = _asked.Count - 1; at >= 0; at--)
        {
            ReadBatch batch = _asked[at];
            for (int i = batch.Queries.Count - 1; i >= 0; i--)
            {
                NodeRequest query = batch.Queries[i];
                if (query.DeadlineMs > nowMs)
                    continue;
                batch.Queries.RemoveAt(i);
                completions.Refuse(
                    query,
                    ReplyStatus.DeadlineExceeded,
                    batch.IsOfSessions
                        ? $"The deadline passed before this node had applied what the session has seen: {query.Consistency.Token.Index}; it has applied {applied}."
                        : "The deadline passed before the query could be answered at the consistency asked for.");
            }

            if (batch.Queries.Count == 0)
                Drop(batch);
        }
    }

    /// <summary>Ends all queries.</summary>
    public void Abandon(ReplyStatus status, string why)
    {
        Gather(ref _byQuorum);
        Gather(ref _byLease);
        Gather(ref _ofSessions);
        Gather(ref _unasked);
        foreach (ReadBatch batch in _asked)
        {
            foreach (NodeRequest query in batch.Queries)
                completions.Refuse(query, status, why);
        }

        _asked.Clear();
    }

    private void RefuseUnconfirmed(NodeRequest query)
    {
        switch (query.Consistency.Level)
        {
            case ConsistencyLevel.BoundedStaleness:
                completions.Refuse(
                    query,
                    ReplyStatus.StaleRead,
                    $"This node's state is not known to be at most {query.Consistency.MaxStalenessMs} ms old, and no leader of group {group} could be asked for a newer one.");
                break;
            case ConsistencyLevel.Session:
                // No word of who leads: any other node may have applied what this one lacks.
                completions.Refuse(query, ReplyStatus.NoLeader, $"This node has not applied what the session has seen, {query.Consistency.Token.Index}, and no leader of group {group} could be asked.");
                break;
            default:
                completions.NotLeader(query);
                break;
        }
    }

    private ReadBatch Arriving(ref ReadBatch? batch) => batch ??= _spare.TryPop(out ReadBatch? spare) ? spare : new ReadBatch();

    private void Ask(RaftCore core, ref ReadBatch? arriving, ReadMode mode)
    {
        if (arriving is not { } batch)
            return;
        arriving = null;
        batch.Sequence = ++_sequence;
        _asked.Add(batch);
        core.RequestRead(new ReadContext(self, bootId, batch.Sequence), mode);
    }

    private void Gather(ref ReadBatch? arriving)
    {
        if (arriving is not null)
            _asked.Add(arriving);
        arriving = null;
    }

    /// <summary>Some of a batch's sessions may have seen more than is applied: they wait on.</summary>
    private ReadBatch TakeReadyOfSessions(ReadBatch batch, ulong applied)
    {
        ReadBatch ready = _spare.TryPop(out ReadBatch? spare) ? spare : new ReadBatch();
        for (int i = batch.Queries.Count - 1; i >= 0; i--)
        {
            NodeRequest query = batch.Queries[i];
            if (query.Consistency.Token.Index > applied)
                continue;
            batch.Queries.RemoveAt(i);
            ready.Add(query);
        }

        if (batch.Queries.Count == 0)
            Drop(batch);
        return ready;
    }

    private void Drop(ReadBatch batch)
    {
        _asked.Remove(batch);
        Recycle(batch);
    }

    private ReadBatch? Find(in ReadContext context)
    {
        foreach (ReadBatch batch in _asked)
        {
            if (batch.Sequence == context.Sequence && context.BootId == bootId)
                return batch;
        }

        return null;
    }
}
