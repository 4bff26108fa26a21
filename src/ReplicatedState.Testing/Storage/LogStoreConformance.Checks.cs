using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing;

// The checks themselves, in the order of the list.
public sealed partial class LogStoreConformance
{
    private void NeverWritten()
    {
        Equal(StoredGroup.Empty, Store.Load(Group), "a group that was never written");
        Equal(0, Store.Groups.Count, "groups of an empty store");
    }

    private void Entries()
    {
        Store.Write(Group, Operation(new HardState(2, new RaftId(5), 0)));
        Store.Write(Group, Operation(null, EntryOf(1, 1), EntryOf(2, 1, "two"), EntryOf(3, 2, "three")));
        Store.Sync();
        Reopen();

        Equal(3UL, Store.Load(Group).LastIndex, "the last index");
        Entry[] read = Read(1, 10);
        EqualAll<ulong>([1, 2, 3], read.Select(entry => entry.Index), "indexes");
        EqualAll<ulong>([1, 1, 2], read.Select(entry => entry.Term), "terms");
        EqualAll([EntryKind.NoOp, EntryKind.Command, EntryKind.Command], read.Select(entry => entry.Kind), "kinds");
        EqualAll<long>([1_001, 1_002, 1_003], read.Select(entry => entry.LogTimeMs), "log times");
        EqualAll(["", "two", "three"], read.Select(TextOf), "payloads");
    }

    private void OwnCopy()
    {
        byte[] slab = [1, 2, 3];
        Store.Write(Group, Operation(new HardState(1, default, 0)));
        Store.Write(Group, Operation(null, new Entry(1, 1, EntryKind.Command, 0, new Payload(new PayloadSlab(slab), 0, 3))));
        slab[1] = 99;
        EqualAll<byte>([1, 2, 3], Read(1, 1)[0].Payload.Span.ToArray(), "the payload after its slab was used again");
    }

    private void HardStates()
    {
        Store.Write(Group, Operation(new HardState(3, new RaftId(9), 2), EntryOf(1, 3), EntryOf(2, 3)));
        Store.Sync();
        Reopen();
        Equal(new HardState(3, new RaftId(9), 2), Store.Load(Group).HardState, "the hard state");
    }

    private void CommitBeyondTheEntries()
    {
        if (!_isDurable)
            return; // only a crash leaves such a state, and this store forgets in a crash
        Store.Write(Group, Operation(new HardState(1, default, 3), EntryOf(1, 1), EntryOf(2, 1)));
        Store.Sync();
        Reopen();
        Equal(new HardState(1, default, 2), Store.Load(Group).HardState, "the hard state");
    }

    private void Truncation()
    {
        Store.Write(Group, Operation(new HardState(1, default, 0), EntryOf(1, 1, "a"), EntryOf(2, 1, "b"), EntryOf(3, 1, "c"), EntryOf(4, 1, "d")));
        Persist truncation = Operation(new HardState(2, default, 0), EntryOf(2, 2, "B"));
        truncation.TruncateFrom = 2;
        Store.Write(Group, truncation);
        Store.Sync();
        Reopen();
        Equal(2UL, Store.Load(Group).LastIndex, "the last index");
        EqualAll(["a", "B"], Read(1, 10).Select(TextOf), "payloads");
    }

    private void SeveralGroups()
    {
        var other = new GroupId(8);
        Store.Write(Group, Operation(new HardState(1, default, 0), EntryOf(1, 1, "of seven")));
        Store.Write(other, Operation(new HardState(4, default, 0), EntryOf(1, 4, "of eight"), EntryOf(2, 4)));
        Store.Sync();
        Reopen();
        EqualAll([Group, other], Store.Groups, "groups");
        EqualAll(["of seven"], Read(1, 10).Select(TextOf), "payloads of the first group");
        Equal(2UL, Store.Load(other).LastIndex, "the last index of the second group");
        Equal(4UL, Store.TermAt(other, 2), "the last term of the second group");
    }

    private void Compaction()
    {
        FillAndSnapshot(entries: 10, snapshotAt: 8);
        Store.Compact(Group, new LogPosition(6, 1));
        Store.Sync();
        Reopen();

        StoredGroup loaded = Store.Load(Group);
        Equal(new LogPosition(6, 1), loaded.Base, "the base");
        Equal(10UL, loaded.LastIndex, "the last index");
        Equal(SnapshotAt(8, 1), loaded.Snapshot, "the snapshot");
        Equal(1UL, Store.TermAt(Group, 6), "the term of the base");
        EqualAll<ulong>([7, 8, 9, 10], Read(7, 10).Select(entry => entry.Index), "indexes");
        Refuses<LogReadException>(() => Read(6, 1), "reading an entry that was given up");
        Refuses<LogReadException>(() => Store.TermAt(Group, 5), "asking for the term of an entry that was given up");
    }

    private void PassedBase()
    {
        FillAndSnapshot(entries: 10, snapshotAt: 8);
        Store.Compact(Group, new LogPosition(8, 1));
        Store.Compact(Group, new LogPosition(3, 1));
        Equal(new LogPosition(8, 1), Store.Load(Group).Base, "the base");
    }

    private void Installation()
    {
        Store.Write(Group, Operation(new HardState(1, default, 0), EntryOf(1, 1, "a"), EntryOf(2, 1, "b"), EntryOf(3, 1, "c"), EntryOf(4, 1, "stale")));
        Persist installation = Operation(new HardState(5, default, 3));
        installation.Snapshot = SnapshotAt(3, 5);
        Store.Write(Group, installation);
        Store.Sync();
        Reopen();

        StoredGroup loaded = Store.Load(Group);
        Equal(new LogPosition(3, 5), loaded.Base, "the base");
        Equal(3UL, loaded.LastIndex, "the last index");
        Equal(SnapshotAt(3, 5), loaded.Snapshot, "the snapshot");

        Store.Write(Group, Operation(null, EntryOf(4, 5, "fresh")));
        Store.Sync();
        Reopen();
        EqualAll(["fresh"], Read(4, 10).Select(TextOf), "payloads");
    }

    private void InstallationBeyondTheLog()
    {
        Store.Write(Group, Operation(new HardState(1, default, 0), EntryOf(1, 1, "a")));
        Persist installation = Operation(new HardState(4, default, 100), EntryOf(101, 4, "next"));
        installation.Snapshot = SnapshotAt(100, 4);
        Store.Write(Group, installation);
        Store.Sync();
        Reopen();
        Equal(101UL, Store.Load(Group).LastIndex, "the last index");
        EqualAll(["next"], Read(101, 10).Select(TextOf), "payloads");
    }

    private void LimitedReads()
    {
        Store.Write(Group, Operation(new HardState(1, default, 0)));
        Store.Write(Group, Operation(null, EntryOf(1, 1, new string('x', 1000)), EntryOf(2, 1, new string('y', 1000)), EntryOf(3, 1, "z")));
        Equal(1, Read(1, 10, bytesMax: 10).Length, "entries in fewer bytes than one takes");
        Equal(2, Read(1, 10, bytesMax: 2 * (1000 + Entry.OverheadBytes)).Length, "entries in the bytes of two");
        Equal(2, Read(1, 2).Length, "entries into room for two");
        Equal(0, Read(4, 10).Length, "entries behind the last one");
        Refuses<LogReadException>(() => Read(5, 10), "reading beyond the end");
    }

    private void Gap()
    {
        Store.Write(Group, Operation(new HardState(1, default, 0), EntryOf(1, 1)));
        Refuses<Exception>(() => Store.Write(Group, Operation(null, EntryOf(3, 1))), "writing entry 3 behind entry 1");
    }

    private void ReadersBesideAWriter()
    {
        const int last = 20_000;
        Store.Write(Group, Operation(new HardState(1, default, 0), EntryOf(1, 1, "1")));
        ulong written = 1;
        Exception? failed = null;
        Thread[] readers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            try
            {
                var into = new Entry[16];
                for (ulong seen = 1; seen < last;)
                {
                    seen = Volatile.Read(ref written);
                    ulong from = Math.Max(1, seen - Math.Min(seen, 12));
                    int count = Store.Read(Group, from, into, long.MaxValue);
                    Holds(count > 0, $"entry {from} was written, and a read finds nothing");
                    for (int i = 0; i < count; i++)
                        Equal((from + (ulong)i).ToString(CultureInfo.InvariantCulture), TextOf(into[i]), "a payload");
                    Equal(1UL, Store.TermAt(Group, seen), "a term");
                }
            }
            catch (Exception error)
            {
                failed = error;
            }
        }))];
        foreach (Thread reader in readers)
            reader.Start();
        for (ulong index = 2; index <= last; index++)
        {
            Store.Write(Group, Operation(null, EntryOf(index, 1, index.ToString(CultureInfo.InvariantCulture))));
            if (index % 1000 == 0)
                Store.Maintain();
            Volatile.Write(ref written, index);
        }

        foreach (Thread reader in readers)
            Holds(reader.Join(TimeSpan.FromSeconds(60)), "a reader doesn't end");
        if (failed is not null)
            throw new ConformanceException($"a reader beside the writer fails: {failed.Message}");
    }

    private void FillAndSnapshot(int entries, ulong snapshotAt)
    {
        Store.Write(Group, Operation(new HardState(1, default, 0)));
        Store.Write(Group, Operation(null, [.. Enumerable.Range(1, entries).Select(i => EntryOf((ulong)i, 1, $"entry {i}"))]));
        Store.SetSnapshot(Group, SnapshotAt(snapshotAt, 1));
    }
}
