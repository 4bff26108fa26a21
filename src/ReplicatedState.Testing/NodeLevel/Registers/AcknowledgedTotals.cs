namespace ReplicatedState.Testing.NodeLevel;

/// <summary>How many commands had been acknowledged at any time of a run, by the true time.</summary>
internal sealed class AcknowledgedTotals
{
    private readonly List<(long AtUs, ulong Total)> _totals = [];

    /// <summary>The total now.</summary>
    public ulong Latest => _totals.Count == 0 ? 0 : _totals[^1].Total;

    /// <summary>A client hears of a total.</summary>
    public void Note(long nowUs, ulong total)
    {
        if (total > Latest)
            _totals.Add((nowUs, total));
    }

    /// <summary>The total at a time; 0 for one before the run.</summary>
    public ulong At(long us)
    {
        int low = 0;
        int high = _totals.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_totals[middle].AtUs <= us)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? 0 : _totals[low - 1].Total;
    }
}
