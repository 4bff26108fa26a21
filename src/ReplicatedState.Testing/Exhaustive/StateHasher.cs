using ReplicatedState.Consensus;
using ReplicatedState.Testing.CoreLevel;

namespace ReplicatedState.Testing.Exhaustive;

/// <summary>Hashes objects by what they contain, private fields included, so that a field that the core gets tomorrow counts from tomorrow on.</summary>
/// <remarks>
/// A field that is left out where it matters would hide states, so only those in <see cref="StateFields"/> are; one that matters not and is
/// hashed only costs time. Not safe for concurrent use.
/// </remarks>
internal sealed class StateHasher
{
    private TraceHash _hash;
    private bool _mirrored;

    /// <summary>Starts a hash; of the mirrored world, in which nodes 2 and 3 have each other's names, where it says so.</summary>
    public void Begin(bool mirrored)
    {
        _hash = default;
        _mirrored = mirrored;
    }

    /// <summary>Ends it.</summary>
    public TraceHash End() => _hash;

    /// <summary>Adds a value with everything in it.</summary>
    public void Add<T>(T value) => StateFields.Of<T>.Visit(this, value);

    /// <summary>Adds values whose order means nothing.</summary>
    public void AddUnordered<T>(IEnumerable<T> values)
    {
        TraceHash outer = _hash;
        ulong sum = 0;
        ulong count = 0;
        foreach (T value in values)
        {
            _hash = default;
            Add(value);
            _hash.Add(0); // one more round, so that the sums of similar elements don't meet
            sum += _hash.Low;
            count++;
        }

        _hash = outer;
        _hash.Add(sum);
        _hash.Add(count);
    }

    internal void AddNode(RaftId id) => _hash.Add(_mirrored && id.Value is (2 or 3) ? 5 - id.Value : id.Value);

    internal void AddNumber(ulong value) => _hash.Add(value);

    internal void AddHash(TraceHash value) => _hash.Add(value);

    internal void AddSequence<T>(ReadOnlySpan<T> values)
    {
        _hash.Add((ulong)values.Length);
        foreach (T value in values)
            Add(value);
    }

    internal void AddEntry(in Entry entry)
    {
        _hash.Add(entry.Index);
        _hash.Add(entry.Term);
        if (entry.Index > 0)
            _hash.Add(CommitLedger.ContentOf(entry));
    }
}
