using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;
using static ReplicatedState.Storage.Tests.Log.Operations;

namespace ReplicatedState.Storage.Tests.PowerCuts;

/// <summary>
/// A seeded life of a log store: appends, truncations, votes, snapshots, compactions, installs, maintenance, of several groups. It knows every state that a power cut may leave: those between
/// the last sync that returned and the last row that was begun.
/// </summary>
internal sealed class LogWorkload(ulong seed)
{
    private static readonly GroupId[] Groups = [new(0), new(1), new(42)];
    private readonly SeededRandom _random = new(seed);
    private readonly Dictionary<GroupId, ModelLog> _synced = Groups.ToDictionary(group => group, _ => new ModelLog());
    private readonly Dictionary<GroupId, ModelLog> _written = Groups.ToDictionary(group => group, _ => new ModelLog());

    // The rows since the last sync, in the order of the store's contract.
    private readonly List<(GroupId Group, Action<ModelLog> Row)> _rows = [];
    private int _payloads;

    /// <summary>Runs until it is done or the store throws.</summary>
    public void Run(ILogStore store, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            for (int operation = _random.Between(1, 4); operation > 0; operation--)
                Write(store);
            store.Sync();
            Synced();
            if (_random.Chance(300))
                store.Maintain();
        }
    }

    /// <summary>Fails unless the store holds everything acknowledged, and a prefix of what was written after it.</summary>
    public void Verify(ILogStore store)
    {
        string recovered = Describe(group => ModelLog.Describe(store, group));
        Dictionary<GroupId, ModelLog> candidate = Groups.ToDictionary(group => group, group => _synced[group].Clone());
        var candidates = new List<string> { Describe(candidate) };
        foreach ((GroupId group, Action<ModelLog> row) in _rows)
        {
            row(candidate[group]);
            candidates.Add(Describe(candidate));
        }

        int found = candidates.IndexOf(recovered);
        Assert.True(found >= 0, $"Recovered:\n{recovered}\nwhich is none of {candidates.Count} states from the last acknowledged one\n{candidates[0]}\nto the last written one\n{candidates[^1]}");
    }

    /// <summary>Takes the store's state as the new beginning, for a second life.</summary>
    public void ContinueFrom(ILogStore store)
    {
        string recovered = Describe(group => ModelLog.Describe(store, group));
        while (Describe(_synced) != recovered)
        {
            (GroupId group, Action<ModelLog> row) = _rows[0];
            _rows.RemoveAt(0);
            row(_synced[group]);
        }

        _rows.Clear();
        foreach (GroupId group in Groups)
            _written[group] = _synced[group].Clone();
    }

    private void Synced()
    {
        foreach ((GroupId group, Action<ModelLog> row) in _rows)
            row(_synced[group]);
        _rows.Clear();
    }

    private void Write(ILogStore store)
    {
        GroupId group = _random.OneOf(Groups);
        ModelLog log = _written[group];
        int choice = _random.Between(0, 99);
        if (choice < 60)
            store.Write(group, AppendSome(group, log, newTerm: _random.Chance(150)));
        else if (choice < 70)
            store.Write(group, Vote(group, log));
        else if (choice < 80 && log.LastIndex > Math.Max(log.Base.Index, log.HardState.Commit))
            store.Write(group, TruncateSome(group, log));
        else if (choice < 92 && log.HardState.Commit > log.Snapshot.Index && log.HardState.Commit <= log.LastIndex)
            SnapshotAndCompact(store, group, log);
        else if (choice >= 92)
            store.Write(group, InstallSnapshot(group, log));
    }

    private Persist AppendSome(GroupId group, ModelLog log, bool newTerm)
    {
        ulong term = log.HardState.Term + (newTerm || log.HardState.Term == 0 ? 1u : 0u);
        Persist operation = Append();
        SetHardState(group, operation, new HardState(term, new RaftId(term), log.HardState.Commit + _random.Next((uint)(log.LastIndex - Math.Min(log.HardState.Commit, log.LastIndex)) + 1)));
        AppendEntries(group, log, operation, term);
        return operation;
    }

    private Persist Vote(GroupId group, ModelLog log)
    {
        Persist operation = Append();
        SetHardState(group, operation, new HardState(log.HardState.Term + 1, new RaftId(_random.Next(3) + 1), log.HardState.Commit));
        return operation;
    }

    private Persist TruncateSome(GroupId group, ModelLog log)
    {
        ulong least = Math.Max(log.Base.Index, log.HardState.Commit) + 1;
        ulong from = least + _random.Next((uint)(log.LastIndex - least) + 1);
        Persist operation = Append();
        SetHardState(group, operation, new HardState(log.HardState.Term + 1, default, log.HardState.Commit));
        operation.TruncateFrom = from;
        RemoveFrom(group, log, from);
        AppendEntries(group, log, operation, log.HardState.Term);
        return operation;
    }

    private void SnapshotAndCompact(ILogStore store, GroupId group, ModelLog log)
    {
        ulong index = log.HardState.Commit;
        SnapshotMeta snapshot = Snapshot(index, log.TermAt(index));
        Row(group, row => row.Snapshot = snapshot);
        store.SetSnapshot(group, snapshot);
        ulong trailing = Math.Min(index - log.Base.Index, _random.Next(4));
        var newBase = new LogPosition(index - trailing, log.TermAt(index - trailing));
        if (newBase.Index > log.Base.Index)
            Row(group, row => row.MoveBase(newBase));
        store.Compact(group, newBase);
    }

    private Persist InstallSnapshot(GroupId group, ModelLog log)
    {
        ulong index = Math.Max(log.HardState.Commit, log.Base.Index) + 1 + _random.Next(10);
        ulong term = log.HardState.Term + 1;
        SnapshotMeta snapshot = Snapshot(index, term);
        Persist operation = Install(snapshot);
        SetHardState(group, operation, new HardState(term, default, index));
        if (log.LastIndex > index)
            RemoveFrom(group, log, index + 1);
        Row(group, row =>
        {
            row.Entries.Clear();
            row.Base = snapshot.Position;
            row.Snapshot = snapshot;
        });
        if (_random.Chance(500))
            AppendEntries(group, log, operation, term);
        return operation;
    }

    private void SetHardState(GroupId group, Persist operation, HardState hardState)
    {
        operation.HardState = hardState;
        Row(group, row => row.HardState = hardState);
    }

    private void RemoveFrom(GroupId group, ModelLog log, ulong from)
    {
        for (ulong last = log.LastIndex; last >= from; last--)
            Row(group, row => row.Entries.RemoveAt(row.Entries.Count - 1));
    }

    private void AppendEntries(GroupId group, ModelLog log, Persist operation, ulong term)
    {
        for (int count = _random.Between(1, 5); count > 0; count--)
        {
            string payload = $"{++_payloads}-{new string('x', _random.OneOf(0, 3, 40, 700))}";
            operation.Entries.Add(Entry(log.LastIndex + 1, term, payload));
            Row(group, row => row.Entries.Add((term, payload)));
        }
    }

    private void Row(GroupId group, Action<ModelLog> row)
    {
        _rows.Add((group, row));
        row(_written[group]);
    }

    private static string Describe(Dictionary<GroupId, ModelLog> logs) => Describe(group => logs[group].Describe());

    private static string Describe(Func<GroupId, string> log) => string.Join("\n", Groups.Select(group => $"{group}: {log(group)}"));
}
