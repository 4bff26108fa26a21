using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using static ReplicatedState.Storage.Tests.Log.Operations;

namespace ReplicatedState.Storage.Tests.Log;

/// <summary>What every log store must do. A store is tested by deriving from this and opening it.</summary>
public abstract class LogStoreConformance : IDisposable
{
    private static readonly GroupId Group = new(7);
    private ILogStore? _store;

    /// <summary>Whether what was synced is there after <see cref="Reopen"/>.</summary>
    protected virtual bool IsDurable => true;

    private ILogStore Store => _store ??= Open();

    public void Dispose()
    {
        _store?.Dispose();
        Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_group_that_was_never_written_is_empty()
    {
        Assert.Equal(StoredGroup.Empty, Store.Load(Group));
        Assert.Empty(Store.Groups);
    }

    [Fact]
    public void Entries_come_back_as_they_were_written()
    {
        Store.Write(Group, HardState(2, 5, 0));
        Store.Write(Group, Append(Entry(1, 1), Entry(2, 1, "two"), Entry(3, 2, "three")));
        Store.Sync();

        ReopenIfDurable();

        Assert.Equal(3UL, Store.Load(Group).LastIndex);
        Entry[] read = Read(1, 10);
        Assert.Equal([1UL, 2, 3], read.Select(entry => entry.Index));
        Assert.Equal([1UL, 1, 2], read.Select(entry => entry.Term));
        Assert.Equal([EntryKind.NoOp, EntryKind.Command, EntryKind.Command], read.Select(entry => entry.Kind));
        Assert.Equal([1_001L, 1_002, 1_003], read.Select(entry => entry.LogTimeMs));
        Assert.Equal(["", "two", "three"], read.Select(entry => entry.Text()));
    }

    [Fact]
    public void The_store_keeps_its_own_copy_of_a_payload()
    {
        byte[] slab = [1, 2, 3];
        Store.Write(Group, HardState(1, 0, 0));
        Store.Write(Group, Append(new Entry(1, 1, EntryKind.Command, 0, new Payload(new PayloadSlab(slab), 0, 3))));
        slab[1] = 99;
        Assert.Equal([1, 2, 3], Read(1, 1)[0].Payload.Span.ToArray());
    }

    [Fact]
    public void The_hard_state_comes_back()
    {
        Store.Write(Group, Append(Entry(1, 3), Entry(2, 3)).With(new HardState(3, new RaftId(9), 2)));
        Store.Sync();
        ReopenIfDurable();
        Assert.Equal(new HardState(3, new RaftId(9), 2), Store.Load(Group).HardState);
    }

    [Fact]
    public void A_truncation_and_the_entries_after_it_replace_a_suffix()
    {
        Store.Write(Group, Append(Entry(1, 1, "a"), Entry(2, 1, "b"), Entry(3, 1, "c"), Entry(4, 1, "d")).With(new HardState(1, default, 0)));
        Store.Write(Group, Truncate(2, Entry(2, 2, "B")).With(new HardState(2, default, 0)));
        Store.Sync();
        ReopenIfDurable();
        Assert.Equal(2UL, Store.Load(Group).LastIndex);
        Assert.Equal(["a", "B"], Read(1, 10).Select(entry => entry.Text()));
    }

    [Fact]
    public void Groups_do_not_see_each_other()
    {
        var other = new GroupId(8);
        Store.Write(Group, Append(Entry(1, 1, "of seven")).With(new HardState(1, default, 0)));
        Store.Write(other, Append(Entry(1, 4, "of eight"), Entry(2, 4)).With(new HardState(4, default, 0)));
        Store.Sync();
        ReopenIfDurable();
        Assert.Equal([Group, other], Store.Groups);
        Assert.Equal("of seven", Read(1, 10).Single().Text());
        Assert.Equal(2UL, Store.Load(other).LastIndex);
        Assert.Equal(4UL, Store.TermAt(other, 2));
    }

    [Fact]
    public void Compaction_moves_the_base_and_keeps_its_term()
    {
        FillAndSnapshot(entries: 10, snapshotAt: 8);
        Store.Compact(Group, new LogPosition(6, 1));
        Store.Sync();
        ReopenIfDurable();

        StoredGroup loaded = Store.Load(Group);
        Assert.Equal(new LogPosition(6, 1), loaded.Base);
        Assert.Equal(10UL, loaded.LastIndex);
        Assert.Equal(Snapshot(8, 1), loaded.Snapshot);
        Assert.Equal(1UL, Store.TermAt(Group, 6));
        Assert.Equal([7UL, 8, 9, 10], Read(7, 10).Select(entry => entry.Index));
        Assert.Throws<LogReadException>(() => Read(6, 1));
        Assert.Throws<LogReadException>(() => Store.TermAt(Group, 5));
    }

    [Fact]
    public void A_base_that_was_passed_already_changes_nothing()
    {
        FillAndSnapshot(entries: 10, snapshotAt: 8);
        Store.Compact(Group, new LogPosition(8, 1));
        Store.Compact(Group, new LogPosition(3, 1));
        Assert.Equal(new LogPosition(8, 1), Store.Load(Group).Base);
    }

    [Fact]
    public void An_installed_snapshot_replaces_the_log_below_and_beyond_it()
    {
        Store.Write(Group, Append(Entry(1, 1, "a"), Entry(2, 1, "b"), Entry(3, 1, "c"), Entry(4, 1, "stale")).With(new HardState(1, default, 0)));
        Store.Write(Group, Install(Snapshot(3, 5)).With(new HardState(5, default, 3)));
        Store.Sync();
        ReopenIfDurable();

        StoredGroup loaded = Store.Load(Group);
        Assert.Equal(new LogPosition(3, 5), loaded.Base);
        Assert.Equal(3UL, loaded.LastIndex);
        Assert.Equal(Snapshot(3, 5), loaded.Snapshot);

        Store.Write(Group, Append(Entry(4, 5, "fresh")));
        Store.Sync();
        ReopenIfDurable();
        Assert.Equal("fresh", Read(4, 10).Single().Text());
    }

    [Fact]
    public void A_snapshot_beyond_the_log_is_followed_by_the_entries_of_the_same_operation()
    {
        Store.Write(Group, Append(Entry(1, 1, "a")).With(new HardState(1, default, 0)));
        Store.Write(Group, Install(Snapshot(100, 4), Entry(101, 4, "next")).With(new HardState(4, default, 100)));
        Store.Sync();
        ReopenIfDurable();
        Assert.Equal(101UL, Store.Load(Group).LastIndex);
        Assert.Equal("next", Read(101, 10).Single().Text());
    }

    [Fact]
    public void A_read_stops_at_the_bytes_asked_for_but_gives_one_entry()
    {
        Store.Write(Group, HardState(1, 0, 0));
        Store.Write(Group, Append(Entry(1, 1, new string('x', 1000)), Entry(2, 1, new string('y', 1000)), Entry(3, 1, "z")));
        Assert.Single(Read(1, 10, bytesMax: 10));
        Assert.Equal(2, Read(1, 10, bytesMax: 2 * (1000 + Consensus.Entry.OverheadBytes)).Length);
        Assert.Equal(2, Read(1, 2).Length);
        Assert.Empty(Read(4, 10));
        Assert.Throws<LogReadException>(() => Read(5, 10));
    }

    [Fact]
    public void A_gap_is_refused()
    {
        Store.Write(Group, Append(Entry(1, 1)).With(new HardState(1, default, 0)));
        Assert.ThrowsAny<Exception>(() => Store.Write(Group, Append(Entry(3, 1))));
    }

    [Fact]
    public void Readers_beside_a_writer_see_every_entry_that_was_written_before()
    {
        const int last = 20_000;
        Store.Write(Group, Append(Entry(1, 1, "1")).With(new HardState(1, default, 0)));
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
                    for (int i = 0; i < count; i++)
                        Assert.Equal((from + (ulong)i).ToString(), into[i].Text());
                    Assert.Equal(1UL, Store.TermAt(Group, seen));
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
            Store.Write(Group, Append(Entry(index, 1, index.ToString())));
            if (index % 1000 == 0)
                Store.Maintain();
            Volatile.Write(ref written, index);
        }

        foreach (Thread reader in readers)
            Assert.True(reader.Join(TimeSpan.FromSeconds(60)));
        Assert.Null(failed);
    }

    protected abstract ILogStore Open();

    protected virtual void Close()
    {
    }

    private void ReopenIfDurable()
    {
        if (!IsDurable)
            return;
        _store?.Dispose();
        _store = Open();
    }

    private void FillAndSnapshot(int entries, ulong snapshotAt)
    {
        Store.Write(Group, HardState(1, 0, 0));
        Store.Write(Group, Append([.. Enumerable.Range(1, entries).Select(i => Entry((ulong)i, 1, $"entry {i}"))]));
        Store.SetSnapshot(Group, Snapshot(snapshotAt, 1));
    }

    private Entry[] Read(ulong from, int countMax, long bytesMax = long.MaxValue)
    {
        var into = new Entry[countMax];
        return into[..Store.Read(Group, from, into, bytesMax)];
    }
}
