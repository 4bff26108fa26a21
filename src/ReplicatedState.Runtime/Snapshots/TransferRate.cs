namespace ReplicatedState.Runtime.Snapshots;

/// <summary>How much a node may send of snapshots, all transfers together: so many bytes a second, and a tenth of that at once.</summary>
/// <remarks>A piece may be larger than what is left: the debt is paid before the next. So any piece passes, and the mean holds.</remarks>
internal sealed class TransferRate(long bytesPerSecond)
{
    private const int BurstsPerSecond = 10;
    private const int CountedMsMax = 60_000;
    private long _left = bytesPerSecond / BurstsPerSecond;
    private long _atMs;

    /// <summary>Takes what a piece needs; false where it has to wait.</summary>
    public bool TryTake(int bytes, long nowMs)
    {
        if (bytesPerSecond == 0)
            return true;
        long earned = Math.Min(nowMs - _atMs, CountedMsMax) * bytesPerSecond / 1000;
        if (earned > 0)
        {
            _left = Math.Min(Math.Max(1, bytesPerSecond / BurstsPerSecond), _left + earned);
            _atMs = nowMs;
        }

        if (_left <= 0)
            return false;
        _left -= bytes;
        return true;
    }
}
