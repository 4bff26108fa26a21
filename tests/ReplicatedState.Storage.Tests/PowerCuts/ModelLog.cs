using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.Tests.PowerCuts;

/// <summary>What a group's log should look like, kept in the plainest way.</summary>
internal sealed class ModelLog
{
    public HardState HardState { get; set; }

    public LogPosition Base { get; set; }

    public SnapshotMeta Snapshot { get; set; } = SnapshotMeta.None;

    public List<(ulong Term, string Payload)> Entries { get; } = [];

    public ulong LastIndex => Base.Index + (ulong)Entries.Count;

    public ulong LastTerm => Entries.Count == 0 ? Base.Term : Entries[^1].Term;

    public ulong TermAt(ulong index) => index == Base.Index ? Base.Term : Entries[(int)(index - Base.Index - 1)].Term;

    public ModelLog Clone()
    {
        var clone = new ModelLog { HardState = HardState, Base = Base, Snapshot = Snapshot };
        clone.Entries.AddRange(Entries);
        return clone;
    }

    public void MoveBase(LogPosition newBase)
    {
        Entries.RemoveRange(0, (int)Math.Min(newBase.Index - Base.Index, (ulong)Entries.Count));
        Base = newBase;
    }

    /// <summary>Everything that can be asked of the log, as one text.</summary>
    public string Describe()
    {
        HardState hardState = HardState with { Commit = Math.Clamp(HardState.Commit, Base.Index, LastIndex) };
        return $"{hardState} base {Base} snapshot {Snapshot.Position} entries [{string.Join(", ", Entries.Select((entry, i) => $"{Base.Index + 1 + (ulong)i}:{entry.Term}:{Short(entry.Payload)}"))}]";
    }

    public static string Describe(ILogStore store, GroupId group)
    {
        StoredGroup loaded = store.Load(group);
        var entries = new Entry[(int)(loaded.LastIndex - loaded.Base.Index)];
        if (entries.Length > 0)
            Assert.Equal(entries.Length, store.Read(group, loaded.Base.Index + 1, entries, long.MaxValue));
        return $"{loaded.HardState} base {loaded.Base} snapshot {loaded.Snapshot.Position} "
            + $"entries [{string.Join(", ", entries.Select(entry => $"{entry.Index}:{entry.Term}:{Short(Log.Operations.Text(entry))}"))}]";
    }

    /// <summary>The number that a payload begins with is its own; of the rest only the length matters to a reader, and the equality that is tested covers it.</summary>
    private static string Short(string payload)
    {
        int dash = payload.IndexOf('-', StringComparison.Ordinal);
        Assert.Equal(-1, payload.AsSpan(dash + 1).IndexOfAnyExcept((char)120));
        return $"{payload[..dash]}+{payload.Length - dash - 1}";
    }
}
