using System.Text;
using ReplicatedState.Consensus;

namespace ReplicatedState.Storage.Tests.Log;

/// <summary>Short ways to write down what a log store is asked to do.</summary>
internal static class Operations
{
    public static Entry Entry(ulong index, ulong term, string payload = "") =>
        new(index, term, payload.Length == 0 ? EntryKind.NoOp : EntryKind.Command, 1_000 + (long)index, Payload.Of(Encoding.UTF8.GetBytes(payload)));

    public static Persist Append(params ReadOnlySpan<Entry> entries)
    {
        var operation = new Persist { MustSync = true };
        operation.Entries.AddRange(entries);
        return operation;
    }

    public static Persist Truncate(ulong from, params ReadOnlySpan<Entry> entries)
    {
        Persist operation = Append(entries);
        operation.TruncateFrom = from;
        return operation;
    }

    public static Persist HardState(ulong term, ulong vote, ulong commit) =>
        new() { MustSync = true, HardState = new HardState(term, new RaftId(vote), commit) };

    public static Persist With(this Persist operation, HardState hardState)
    {
        operation.HardState = hardState;
        return operation;
    }

    public static Persist Install(SnapshotMeta snapshot, params ReadOnlySpan<Entry> entries)
    {
        Persist operation = Append(entries);
        operation.Snapshot = snapshot;
        return operation;
    }

    public static SnapshotMeta Snapshot(ulong index, ulong term) =>
        new(index, term, Configuration.Of([new RaftId(1), new RaftId(2), new RaftId(3)]), 1, 1_000 + (long)index);

    public static string Text(this Entry entry) => Encoding.UTF8.GetString(entry.Payload.Span);
}
