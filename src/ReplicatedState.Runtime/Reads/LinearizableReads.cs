using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Reads;

/// <summary>A group's linearizable queries: those of one turn ask together, and wait until what they may see has been applied (dissertation 6.4). Owned by the shard.</summary>
internal sealed class LinearizableReads(RaftId self, ulong bootId, Completions completions)
{
    private readonly List<ReadBatch> _asked = [];
    private readonly Stack<ReadBatch> _spare = new();
    private ReadBatch? _arriving;
    private ulong _sequence;

    /// <summary>True while queries wait for their answer.</summary>
    public bool HasPending => _arriving is not null || _asked.Count > 0;

    /// <summary>Takes a query in; asked at the end of the turn.</summary>
    public void Add(NodeRequest query)
    {
        _arriving ??= _spare.TryPop(out ReadBatch? spare) ? spare : new ReadBatch();
        _arriving.Queries.Add(query);
    }

    /// <summary>Asks for all that arrived, with one context that was never used before.</summary>
    public void Ask(RaftCore core)
    {
        if (_arriving is not { } batch)
            return;
        _arriving = null;
        batch.Sequence = ++_sequence;
        _asked.Add(batch);
        core.RequestRead(new ReadContext(self, bootId, batch.Sequence));
    }

    /// <summary>The leader answered.</summary>
    public void OnConfirmed(in ConfirmedRead read)
    {
        if (Find(read.Context) is { } batch)
            batch.Index = read.Index;
    }

    /// <summary>Nobody will answer.</summary>
    public void OnFailed(in ReadContext context)
    {
        if (Find(context) is not { } batch)
            return;
        _asked.Remove(batch);
        foreach (NodeRequest query in batch.Queries)
            completions.NotLeader(query);
        Recycle(batch);
    }

    /// <summary>True where a batch may be answered now.</summary>
    public bool HasReady(ulong applied)
    {
        foreach (ReadBatch batch in _asked)
        {
            if (batch.Index <= applied)
                return true;
        }

        return false;
    }

    /// <summary>A batch that may be answered now; the caller answers its queries and gives it to <see cref="Recycle"/>.</summary>
    public ReadBatch? TakeReady(ulong applied)
    {
        for (int i = 0; i < _asked.Count; i++)
        {
            if (_asked[i].Index is not { } index || index > applied)
                continue;
            ReadBatch ready = _asked[i];
            _asked.RemoveAt(i);
            return ready;
        }

        return null;
    }

    /// <summary>Takes back an answered batch.</summary>
    public void Recycle(ReadBatch batch)
    {
        batch.Queries.Clear();
        batch.Index = null;
        _spare.Push(batch);
    }

    /// <summary>Ends the queries whose callers don't wait any longer.</summary>
    public void ExpireAt(long nowMs)
    {
        foreach (ReadBatch batch in _asked)
        {
            for (int i = batch.Queries.Count - 1; i >= 0; i--)
            {
                NodeRequest query = batch.Queries[i];
                if (query.DeadlineMs > nowMs)
                    continue;
                batch.Queries.RemoveAt(i);
                completions.Refuse(query, ReplyStatus.DeadlineExceeded, "The deadline passed before the query could be answered at the consistency asked for.");
            }
        }
    }

    /// <summary>Ends all queries.</summary>
    public void Abandon(ReplyStatus status, string why)
    {
        if (_arriving is not null)
            _asked.Add(_arriving);
        _arriving = null;
        foreach (ReadBatch batch in _asked)
        {
            foreach (NodeRequest query in batch.Queries)
                completions.Refuse(query, status, why);
        }

        _asked.Clear();
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
