using System.Runtime.InteropServices;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Distrust;

/// <summary>What one member says its state machine came to, compared with the leader's own.</summary>
/// <remarks>
/// Hashes are chained: equal at one index is equal at all before it, different at one index is different at all behind it. Claims of indexes that the leader hasn't applied yet wait.
/// </remarks>
internal sealed class HashClaims
{
    private const int DifferingMax = 8;
    private readonly List<HashCheckpoint> _differing = [];
    private HashCheckpoint _waiting;
    private long _since = long.MinValue;

    /// <summary>The highest index at which it was found equal, with the hash; default where it never was.</summary>
    public HashCheckpoint Equal { get; private set; }

    /// <summary>The latest of its hashes that differ from the leader's at their index, in the order in which they came.</summary>
    public ReadOnlySpan<HashCheckpoint> Differing => CollectionsMarshal.AsSpan(_differing);

    /// <summary>Takes a claim in that answers a message which the leader sent at a time.</summary>
    public void Take(in HashCheckpoint claim, long answersSentAtMs)
    {
        // One that waits is not pushed aside by a later one, or none would ever be compared where the leader is slow.
        if (answersSentAtMs > _since && _waiting.Index == 0)
            _waiting = claim;
    }

    /// <summary>Compares what waits, if the leader has come so far.</summary>
    /// <param name="own">The leader's hash of an index; null where it isn't remembered.</param>
    /// <param name="applied">How far the leader has applied.</param>
    public void Compare(Func<ulong, UInt128?> own, ulong applied)
    {
        if (_waiting.Index == 0 || _waiting.Index > applied)
            return;
        HashCheckpoint claim = _waiting;
        _waiting = default;
        if (own(claim.Index) is not { } right)
            return;
        if (right == claim.Hash)
        {
            if (claim.Index > Equal.Index)
                Equal = claim;
            return;
        }

        if (_differing.Exists(known => known.Index == claim.Index))
            return;
        if (_differing.Count == DifferingMax)
            _differing.RemoveAt(0);
        _differing.Add(claim);
    }

    /// <summary>The state is about to be, or was, replaced by another: only what answers messages that are sent from now on counts.</summary>
    public void Forget(long nowMs)
    {
        _since = nowMs;
        _waiting = default;
        _differing.Clear();
        Equal = default;
    }
}
