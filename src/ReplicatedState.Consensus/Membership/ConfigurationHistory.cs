namespace ReplicatedState.Consensus;

/// <summary>
/// The configurations of the log, newest last. One is in force from the moment that it is appended, and until it is truncated
/// (dissertation 4.1): what the log holds decides, never what was applied.
/// </summary>
internal sealed class ConfigurationHistory
{
    private readonly List<(ulong Index, Configuration Configuration)> _history = [];

    public ConfigurationHistory(SnapshotMeta snapshot) => ResetTo(snapshot);

    public Configuration Current => _history[^1].Configuration;

    public ulong CurrentIndex => _history[^1].Index;

    /// <summary>The configuration before the one in force, as far as the history goes back.</summary>
    public Configuration? Previous => _history.Count > 1 ? _history[^2].Configuration : null;

    /// <summary>True where this voter was alone in everything that the history remembers, so that nobody else can have elected a leader.</summary>
    public bool IsAlwaysAlone(RaftId self)
    {
        bool any = false;
        foreach ((_, Configuration configuration) in _history)
        {
            if (configuration == Configuration.Empty)
                continue; // what stands before the group's first configuration
            if (configuration.IsJoint || configuration.Voters.Length != 1 || configuration.Voters[0] != self)
                return false;
            any = true;
        }

        return any;
    }

    public void Append(ulong index, Configuration configuration)
    {
        Invariant.Holds(index > CurrentIndex || (index == 0 && CurrentIndex == 0), "configurations follow each other in the log");
        _history.Add((index, configuration));
    }

    /// <summary>Forgets the configurations of truncated entries; true where that changed the one in force.</summary>
    public bool TruncateFrom(ulong index)
    {
        int kept = _history.Count;
        while (kept > 1 && _history[kept - 1].Index >= index)
            kept--;
        if (kept == _history.Count)
            return false;
        _history.RemoveRange(kept, _history.Count - kept);
        return true;
    }

    public void ResetTo(SnapshotMeta snapshot)
    {
        _history.Clear();
        _history.Add((snapshot.ConfigIndex, snapshot.Configuration));
    }

    /// <summary>Forgets what was in force below an index only; for a log that was compacted up to there.</summary>
    public void ForgetBelow(ulong index)
    {
        int forgotten = 0;
        while (forgotten + 1 < _history.Count && _history[forgotten + 1].Index <= index)
            forgotten++;
        _history.RemoveRange(0, forgotten);
    }

    /// <summary>The configuration in force at an index, for a snapshot taken there.</summary>
    public (ulong Index, Configuration Configuration) At(ulong index)
    {
        int i = _history.Count - 1;
        while (i > 0 && _history[i].Index > index)
            i--;
        return _history[i];
    }
}
