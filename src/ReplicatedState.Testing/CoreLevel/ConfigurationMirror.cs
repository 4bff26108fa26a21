using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>The configurations of one node's log, recomputed from what the node handed over to be persisted: what its core must have in force (I15).</summary>
internal sealed class ConfigurationMirror
{
    private readonly List<(LogPosition Position, Configuration Configuration)> _history = [];

    /// <summary>The last one in the log.</summary>
    public Configuration Current => _history[^1].Configuration;

    /// <summary>Where it stands.</summary>
    public LogPosition CurrentPosition => _history[^1].Position;

    /// <summary>What was in force before the last one, as far as known.</summary>
    public Configuration? Previous => _history.Count > 1 ? _history[^2].Configuration : null;

    /// <summary>Where all of them stand, oldest first; the first may be a snapshot's, whose term isn't known (0).</summary>
    public IEnumerable<LogPosition> Positions => _history.Select(entry => entry.Position);

    /// <summary>Reads a whole log.</summary>
    public void ReadFrom(EntryLog log)
    {
        ResetTo(log.Snapshot);
        for (ulong index = Math.Max(log.FirstIndex, log.Snapshot.ConfigIndex + 1); index <= log.LastIndex; index++)
            Add(log[index]);
    }

    /// <summary>Follows an operation.</summary>
    public void Follow(Persist operation)
    {
        if (operation.Snapshot is { } snapshot)
            ResetTo(snapshot);
        if (operation.TruncateFrom is { } from)
            _history.RemoveAll(entry => entry.Position.Index >= from);
        foreach (Entry entry in operation.Entries)
            Add(entry);
    }

    private void ResetTo(SnapshotMeta snapshot)
    {
        _history.Clear();
        _history.Add((new LogPosition(snapshot.ConfigIndex, 0), snapshot.Configuration));
    }

    private void Add(in Entry entry)
    {
        if (entry.Kind == EntryKind.Config)
            _history.Add((entry.Position, ConfigurationCodec.Decode(entry.Payload.Span)));
    }
}
