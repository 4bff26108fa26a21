using System.Text;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing;

/// <summary>What every log store must do, as named checks that any test framework can run one by one.</summary>
/// <remarks>
/// <para>A test of one's own store is three lines. The names are the rows of a theory, and each check gets a store in an empty place:</para>
/// <code>
/// public static TheoryData&lt;string&gt; Checks =&gt; [.. LogStoreConformance.Checks];
///
/// [Theory, MemberData(nameof(Checks))]
/// public void My_store_conforms(string check) =&gt; new LogStoreConformance(() =&gt; MyStore.Open(_directory)).Run(check);
/// </code>
/// <para>Power cuts, failing disks and damage are beyond these checks: they need a store on a <see cref="SimulatedDisk"/>.</para>
/// </remarks>
public sealed partial class LogStoreConformance
{
    private static readonly GroupId Group = new(7);

    private static readonly SortedDictionary<string, Action<LogStoreConformance>> Known = new(StringComparer.Ordinal)
    {
        ["A group that was never written is empty"] = check => check.NeverWritten(),
        ["Entries come back as they were written"] = check => check.Entries(),
        ["The store keeps its own copy of a payload"] = check => check.OwnCopy(),
        ["The hard state comes back"] = check => check.HardStates(),
        ["A commit index beyond the entries is cut to them"] = check => check.CommitBeyondTheEntries(),
        ["A truncation and the entries after it replace a suffix"] = check => check.Truncation(),
        ["Groups do not see each other"] = check => check.SeveralGroups(),
        ["Compaction moves the base and keeps its term"] = check => check.Compaction(),
        ["A base that was passed already changes nothing"] = check => check.PassedBase(),
        ["An installed snapshot replaces the log below and beyond it"] = check => check.Installation(),
        ["A snapshot beyond the log is followed by the entries of the same operation"] = check => check.InstallationBeyondTheLog(),
        ["A read stops at the bytes asked for but gives one entry"] = check => check.LimitedReads(),
        ["A gap is refused"] = check => check.Gap(),
        ["Readers beside a writer see every entry that was written before"] = check => check.ReadersBesideAWriter(),
    };

    private readonly Func<ILogStore> _open;
    private readonly bool _isDurable;
    private ILogStore? _opened;

    /// <summary>Prepares the checks of a kind of store.</summary>
    /// <param name="open">Opens the store. The first call finds an empty place, the later ones what the store before, which was disposed, has left there.</param>
    /// <param name="isDurable">Whether what was synced is there after the store was disposed and opened again.</param>
    public LogStoreConformance(Func<ILogStore> open, bool isDurable = true)
    {
        _open = open;
        _isDurable = isDurable;
    }

    /// <summary>The names of all checks.</summary>
    public static IReadOnlyCollection<string> Checks => Known.Keys;

    private ILogStore Store => _opened ??= _open();

    /// <summary>Runs one check; needs a new instance, in a new place, for each.</summary>
    /// <param name="check">One of <see cref="Checks"/>.</param>
    /// <exception cref="ConformanceException">The store doesn't conform; the message says what it did.</exception>
    public void Run(string check)
    {
        try
        {
            Known[check](this);
        }
        finally
        {
            _opened?.Dispose();
            _opened = null;
        }
    }

    private static void Holds(bool condition, string otherwise)
    {
        if (!condition)
            throw new ConformanceException(otherwise);
    }

    private static void Equal<T>(T expected, T found, string what) =>
        Holds(EqualityComparer<T>.Default.Equals(expected, found), $"{what}: expected {expected}, found {found}");

    private static void EqualAll<T>(IEnumerable<T> expected, IEnumerable<T> found, string what) =>
        Equal(string.Join(", ", expected), string.Join(", ", found), what);

    private static void Refuses<T>(Action action, string what)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T)
        {
            return;
        }

        throw new ConformanceException($"{what}: expected {typeof(T).Name}, and it was done");
    }

    private static Entry EntryOf(ulong index, ulong term, string payload = "") =>
        new(index, term, payload.Length == 0 ? EntryKind.NoOp : EntryKind.Command, 1_000 + (long)index, Payload.Of(Encoding.UTF8.GetBytes(payload)));

    private static string TextOf(Entry entry) => Encoding.UTF8.GetString(entry.Payload.Span);

    private static Persist Operation(HardState? hardState, params ReadOnlySpan<Entry> entries)
    {
        var operation = new Persist { MustSync = true, HardState = hardState };
        operation.Entries.AddRange(entries);
        return operation;
    }

    private static SnapshotMeta SnapshotAt(ulong index, ulong term) =>
        new(index, term, Configuration.Of([new RaftId(1), new RaftId(2), new RaftId(3)]), 1, 1_000 + (long)index);

    private void Reopen()
    {
        if (!_isDurable)
            return;
        _opened?.Dispose();
        _opened = _open();
    }

    private Entry[] Read(ulong from, int countMax, long bytesMax = long.MaxValue)
    {
        var into = new Entry[countMax];
        return into[..Store.Read(Group, from, into, bytesMax)];
    }
}
