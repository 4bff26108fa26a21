using System.Runtime.CompilerServices;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Storage.ZoneTree;

namespace ReplicatedState.Storage.Tests.Golden;

/// <summary>Data directories that an earlier release wrote, kept under v1. See tests/ReplicatedState.Runtime.Tests/Golden/v1/README.md.</summary>
public sealed class GoldenStoreTests : IDisposable
{
    private const string Switch = "REPLICATEDSTATE_WRITE_GOLDEN";
    private static readonly GroupId Group = new(5);
    private static readonly Guid Cluster = new("11112222-3333-4444-5555-666677778888");
    private static readonly Configuration Members = new([new RaftId(1), new RaftId(2)], [new RaftId(2), new RaftId(3)], [new RaftId(4)], AutoLeave: true) { Revision = 7 };
    private static readonly SnapshotMeta Snapshot = new(3, 4, Configuration.Of([new RaftId(1), new RaftId(2)]), 1, 1_700_000_000_003);
    private readonly string _directory = Directory.CreateTempSubdirectory("golden-").FullName;

    [Fact]
    public void A_journal_of_format_1_is_read_in_full()
    {
        using JournalLogStore store = OpenJournal(CopyOf("journal"));
        AssertHoldsEverything(store);
    }

    [Fact]
    public void A_journal_is_written_as_it_was_in_format_1()
    {
        using (JournalLogStore store = OpenJournal(_directory))
            Fill(store);
        AssertStillWritten("journal", _directory);
    }

    [Fact]
    public void A_directory_of_ZoneTree_of_format_1_is_read_in_full()
    {
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            using (ZoneTreeLogStore written = OpenZoneTree(_directory))
                Fill(written);
            Keep("zonetree", _directory);
        }

        using ZoneTreeLogStore store = OpenZoneTree(CopyOf("zonetree"));
        AssertHoldsEverything(store);
    }

    [Fact]
    public void A_snapshot_file_and_the_identity_are_read_and_written_as_they_were_in_format_1()
    {
        var header = new SnapshotHeader(Cluster, Group, Snapshot, "bank", 2);
        var identity = new NodeIdentity(Cluster, 3, new RaftId(0x0102030405060708), "n1");
        byte[] content = [.. Enumerable.Range(0, 500).Select(i => (byte)i)];
        IDisk disk = LocalDisk.ForThisSystem();
        using (DataDirectory directory = DataDirectory.Open(disk, _directory))
        {
            directory.WriteIdentity(identity);
            using SnapshotWriter writer = new SnapshotStore(disk, directory.SnapshotPath).Create(header);
            content.CopyTo(writer.GetSpan(content.Length));
            writer.Advance(content.Length);
            writer.Complete();
        }

        File.Delete(Path.Combine(_directory, "LOCK"));
        AssertStillWritten("directory", _directory);

        using DataDirectory kept = DataDirectory.Open(disk, CopyOf("directory"));
        Assert.Equal(identity, kept.ReadIdentity());
        var snapshots = new SnapshotStore(disk, kept.SnapshotPath);
        StoredSnapshot found = snapshots.FindNewest(Group)!;
        Assert.Equal(header, found.Header);
        using SnapshotContent read = snapshots.OpenContent(found);
        Assert.Equal(content, System.Buffers.BuffersExtensions.ToArray(read.Bytes));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static JournalLogStore OpenJournal(string path) =>
        JournalLogStore.Open(LocalDisk.ForThisSystem(), path, new JournalLogStoreOptions { SegmentBytes = 64 * 1024, ZeroFillBytes = 4096 });

    private static ZoneTreeLogStore OpenZoneTree(string path) =>
        ZoneTreeLogStore.Open(LocalDisk.ForThisSystem(), path, new ZoneTreeLogStoreOptions { ZeroFillBytes = 4096, BlockBytes = 4096, MergeOnOwnThread = false });

    /// <summary>Two groups; one with entries of every kind behind a snapshot and a base, and a truncation on the way.</summary>
    private static void Fill(ILogStore store)
    {
        store.Write(GroupId.System, Persist.OfFirstEntries(new HardState(1, RaftId.None, 1), [new Entry(1, 1, EntryKind.NoOp, 1_700_000_000_000, Payload.Empty)], replaceFrom: null));
        store.Write(Group, Persist.OfFirstEntries(new HardState(4, new RaftId(2), 2), Entries().AsSpan(0, 5), replaceFrom: null));
        store.Sync();
        store.Write(Group, Persist.OfForcedEntries(new HardState(6, new RaftId(1), 4), Entries().AsSpan(4), replaceFrom: 5));
        store.SetSnapshot(Group, Snapshot);
        store.Sync();
        store.Compact(Group, new LogPosition(2, 4));
        store.Sync();
    }

    private static void AssertHoldsEverything(ILogStore store)
    {
        Assert.Equal([GroupId.System, Group], store.Groups);
        StoredGroup stored = store.Load(Group);
        Assert.Equal((new HardState(6, new RaftId(1), 4), new LogPosition(2, 4), 8UL, Snapshot), (stored.HardState, stored.Base, stored.LastIndex, stored.Snapshot));
        var read = new Entry[6];
        Assert.Equal(6, store.Read(Group, 3, read, long.MaxValue));
        foreach ((Entry expected, Entry entry) in Entries().Skip(2).Zip(read))
        {
            Assert.Equal((expected.Index, expected.Term, expected.Kind, expected.LogTimeMs), (entry.Index, entry.Term, entry.Kind, entry.LogTimeMs));
            Assert.Equal(expected.Payload.Span.ToArray(), entry.Payload.Span.ToArray());
        }
    }

    private static Entry[] Entries() =>
    [
        .. Enum.GetValues<EntryKind>().Select((kind, i) => new Entry(1 + (ulong)i, i < 4 ? 4UL : 6UL, kind, 1_700_000_000_001 + i, kind switch
        {
            EntryKind.Config => Payload.Of(ConfigurationCodec.Encode(Members)),
            EntryKind.NoOp or EntryKind.OpenSession or EntryKind.Tick => Payload.Empty,
            _ => Payload.Of(new byte[] { 1, 2, (byte)i }),
        })),
    ];

    private static void AssertStillWritten(string name, string written)
    {
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            Keep(name, written);
        string kept = PathOf(name);
        Assert.Equal(FilesIn(kept), FilesIn(written));
        foreach (string file in FilesIn(kept))
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(kept, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(written, file))),
                $"{name}/{file} is no longer what this binary writes: binaries of the last release may not read it. Before a release, write it anew with {Switch}=1; afterwards keep reading it.");
        }
    }

    /// <summary>Reading changes a store's files, so it is done on a copy.</summary>
    private string CopyOf(string name)
    {
        string copy = Path.Combine(_directory, "copy");
        Copy(PathOf(name), copy);
        return copy;
    }

    private static void Keep(string name, string written)
    {
        if (Directory.Exists(PathOf(name)))
            Directory.Delete(PathOf(name), recursive: true);
        Copy(written, PathOf(name));
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in FilesIn(from))
        {
            string target = Path.Combine(to, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(from, file), target, overwrite: true);
        }
    }

    private static string[] FilesIn(string directory) =>
        [.. Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(directory, file)).Order(StringComparer.Ordinal)];

    private static string PathOf(string name, [CallerFilePath] string self = "") => Path.Combine(Path.GetDirectoryName(self)!, "v1", name);
}
