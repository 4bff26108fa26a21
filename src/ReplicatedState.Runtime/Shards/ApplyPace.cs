namespace ReplicatedState.Runtime.Shards;

/// <summary>Decides whether a machine's commands and queries may run on the shard, by how long they held a thread up so far.</summary>
/// <remarks>
/// A new machine is on probation with the apply worker, where also its code is compiled, until it has done <see cref="ProbationCalls"/> calls without taking long. On the shard, a stretch of
/// a few calls that takes longer than a slice may fills a bucket with its time; a hundredth of the time that passes runs out of it. A machine that fills it is slow, and away until the
/// bucket is empty and it has stood the probation again: it takes at most about a hundredth of the shard's time beyond its slices, and a pause of the garbage collector now and then drives
/// no quick machine away.
/// </remarks>
internal struct ApplyPace(bool isTrusted, long graveUs)
{
    /// <summary>Longer than this, and a stretch of calls counts.</summary>
    public const long StretchUsMax = 200;

    /// <summary>Calls that a machine must do without a long stretch before the shard has it (again).</summary>
    public const int ProbationCalls = 64;

    private const long BucketUs = 2_000;
    private const long LevelUsMax = 10_000_000;
    private const int LeakDivisor = 100;
    private const int GraveWeight = 10;
    private long _levelUs;
    private long _leakedAtUs;
    private int _quickCalls;
    private bool _isSlow = !isTrusted;

    /// <summary>So many calls were done, of which the longest stretch took so long. What takes as long as a tick could cost an election, and counts tenfold.</summary>
    public void Count(int calls, long longestUs, long nowUs)
    {
        if (longestUs <= StretchUsMax)
        {
            if (_isSlow)
                _quickCalls = Math.Min(ProbationCalls, _quickCalls + calls);
            return;
        }

        Leak(nowUs);
        _quickCalls = 0;
        _levelUs = Math.Min(LevelUsMax, _levelUs + (longestUs >= graveUs ? longestUs * GraveWeight : longestUs));
        _isSlow |= _levelUs > BucketUs;
    }

    /// <summary>True where the machine belongs to the worker.</summary>
    public bool IsSlow(long nowUs)
    {
        if (!_isSlow)
            return false;
        Leak(nowUs);
        return _isSlow = _levelUs > 0 || _quickCalls < ProbationCalls;
    }

    private void Leak(long nowUs)
    {
        long leaked = (nowUs - _leakedAtUs) / LeakDivisor;
        if (leaked >= _levelUs)
        {
            _levelUs = 0;
            _leakedAtUs = nowUs;
            return;
        }

        _levelUs -= leaked;
        _leakedAtUs += leaked * LeakDivisor;
    }
}
