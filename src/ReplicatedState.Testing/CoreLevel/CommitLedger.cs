using System.Buffers.Binary;
using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>What an observer who sees all nodes at once knows for certain: every entry ever written, what was committed, who led which term.</summary>
public sealed class CommitLedger
{
    private readonly Dictionary<LogPosition, Written> _written = [];
    private readonly Dictionary<ulong, RaftId> _leaders = [];
    private readonly List<Committed> _committed = [default];
    private readonly List<(long AtUs, ulong Index)> _acknowledged = [];

    /// <summary>The highest index that any node has committed.</summary>
    public ulong LastCommitted => (ulong)_committed.Count - 1;

    /// <summary>The highest index whose proposer was told that it is committed.</summary>
    public ulong LastAcknowledged { get; private set; }

    /// <summary>The highest term that anybody has led.</summary>
    public ulong HighestLedTerm { get; private set; }

    /// <summary>A hash of what an entry says, other than where it stands.</summary>
    public static ulong ContentOf(in Entry entry)
    {
        TraceHash hash = default;
        hash.Add((ulong)entry.Kind);
        hash.Add((ulong)entry.LogTimeMs);
        ReadOnlySpan<byte> rest = entry.Payload.Span;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            hash.Add(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        ulong last = (ulong)entry.Payload.Length << 56;
        for (int i = 0; i < rest.Length; i++)
            last |= (ulong)rest[i] << (8 * i);
        hash.Add(last);
        return hash.Low;
    }

    /// <summary>An entry is written into some log after an entry of <paramref name="previousTerm"/>. False where another entry was written at this position before.</summary>
    /// <remarks>By induction over indexes this is the whole Log Matching property: equal (index, term) means equal logs up to there.</remarks>
    public bool Write(in Entry entry, ulong previousTerm)
    {
        var written = new Written(ContentOf(entry), previousTerm);
        return _written.TryAdd(entry.Position, written) || _written[entry.Position] == written;
    }

    /// <summary>What was written at a position.</summary>
    public ulong ContentAt(LogPosition position) => _written.TryGetValue(position, out Written written) ? written.Content : 0;

    /// <summary>A node leads a term. False where another one did.</summary>
    public bool Lead(ulong term, RaftId leader)
    {
        HighestLedTerm = Math.Max(HighestLedTerm, term);
        return _leaders.TryAdd(term, leader) || _leaders[term] == leader;
    }

    /// <summary>A proposer is told that its entry is committed.</summary>
    public void Acknowledge(ulong index, long atUs)
    {
        if (index <= LastAcknowledged)
            return;
        LastAcknowledged = index;
        _acknowledged.Add((atUs, index));
    }

    /// <summary>The highest index that was acknowledged before a moment.</summary>
    public ulong AcknowledgedBefore(long us)
    {
        int low = 0;
        int high = _acknowledged.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_acknowledged[middle].AtUs < us)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? 0 : _acknowledged[low - 1].Index;
    }

    /// <summary>The next index is committed for the first time.</summary>
    public void Commit(LogPosition position, ulong inTerm)
    {
        Invariant.Holds(position.Index == LastCommitted + 1, "the ledger is kept without gaps");
        _committed.Add(new Committed(position.Term, inTerm));
    }

    /// <summary>The term of a committed entry.</summary>
    public ulong TermAt(ulong index) => _committed[(int)index].Term;

    /// <summary>The term in which an index was first seen committed.</summary>
    public ulong CommitTermAt(ulong index) => _committed[(int)index].InTerm;

    /// <summary>The hash of the state after an index was applied by whoever came first; false where it differs now.</summary>
    public bool Apply(ulong index, TraceHash state)
    {
        Committed committed = _committed[(int)index];
        if (committed.IsApplied)
            return committed.State == state;
        _committed[(int)index] = committed with { IsApplied = true, State = state };
        return true;
    }

    /// <summary>The hash of the state after an index.</summary>
    public TraceHash StateAt(ulong index) => _committed[(int)index].State;

    private readonly record struct Written(ulong Content, ulong PreviousTerm);

    private readonly record struct Committed(ulong Term, ulong InTerm, bool IsApplied = false, TraceHash State = default);
}
