namespace ReplicatedState.Consensus;

/// <summary>Everything that a core wants done since the last time it was asked. The caller owns the object and reuses it.</summary>
/// <remarks>
/// Order: <see cref="Persist"/> goes to the queue first, then <see cref="SendNow"/> leaves (it doesn't wait for the disk), then the rest.
/// Nothing in here is optional: an effect that is dropped, other than a message, breaks the group.
/// A proposal's fate is told by what is applied: the entry at its index has its term (committed) or another (it never will be).
/// </remarks>
public sealed class Effects
{
    private List<Message> _sendNow = [];
    private List<ConfirmedRead> _reads = [];
    private List<ReadContext> _readsFailed = [];
    private List<SnapshotNeed> _snapshotNeeds = [];
    private Entry[] _arena = new Entry[64];
    private int _arenaUsed;

    /// <summary>At most one operation for the persist queue; null where nothing is to be written.</summary>
    public Persist? Persist { get; internal set; }

    /// <summary>Messages that may leave at once.</summary>
    public List<Message> SendNow => _sendNow;

    /// <summary>Entries after this index …</summary>
    public ulong ApplyAfter { get; internal set; }

    /// <summary>… up to and including this one are committed and durable here: apply them in order. Equal where there are none.</summary>
    public ulong ApplyThrough { get; internal set; }

    /// <summary>Reads that may be answered once the state has applied their index.</summary>
    public List<ConfirmedRead> Reads => _reads;

    /// <summary>Reads that won't be answered: leadership was lost, or there is no leader to ask.</summary>
    public List<ReadContext> ReadsFailed => _readsFailed;

    /// <summary>Followers that need a snapshot: their next entry is gone from the log.</summary>
    public List<SnapshotNeed> SnapshotNeeds => _snapshotNeeds;

    /// <summary>Role, term and leader, where any of them changed.</summary>
    public SoftState? SoftState { get; internal set; }

    /// <summary>The configuration in force, where it changed.</summary>
    public Configuration? ConfigurationChanged { get; internal set; }

    /// <summary>Set once where the disk turns out to hold less than this node acknowledged.</summary>
    public LostEntries? LostEntries { get; internal set; }

    /// <summary>True where there is nothing to do.</summary>
    public bool IsEmpty =>
        Persist is null && SendNow.Count == 0 && ApplyAfter == ApplyThrough && Reads.Count == 0 && ReadsFailed.Count == 0
        && SnapshotNeeds.Count == 0 && SoftState is null && ConfigurationChanged is null && LostEntries is null;

    /// <summary>Forgets everything, keeping the memory.</summary>
    public void Clear()
    {
        Persist = null;
        SendNow.Clear();
        ApplyAfter = ApplyThrough = 0;
        Reads.Clear();
        ReadsFailed.Clear();
        SnapshotNeeds.Clear();
        SoftState = null;
        ConfigurationChanged = null;
        LostEntries = null;
        Array.Clear(_arena, 0, _arenaUsed);
        _arenaUsed = 0;
    }

    /// <summary>Exchanges the contents of two objects, so that taking effects copies nothing.</summary>
    internal void SwapWith(Effects other)
    {
        (_sendNow, other._sendNow) = (other._sendNow, _sendNow);
        (_reads, other._reads) = (other._reads, _reads);
        (_readsFailed, other._readsFailed) = (other._readsFailed, _readsFailed);
        (_snapshotNeeds, other._snapshotNeeds) = (other._snapshotNeeds, _snapshotNeeds);
        (_arena, other._arena) = (other._arena, _arena);
        (_arenaUsed, other._arenaUsed) = (other._arenaUsed, _arenaUsed);
        (Persist, other.Persist) = (other.Persist, Persist);
        (ApplyAfter, other.ApplyAfter) = (other.ApplyAfter, ApplyAfter);
        (ApplyThrough, other.ApplyThrough) = (other.ApplyThrough, ApplyThrough);
        (SoftState, other.SoftState) = (other.SoftState, SoftState);
        (ConfigurationChanged, other.ConfigurationChanged) = (other.ConfigurationChanged, ConfigurationChanged);
        (LostEntries, other.LostEntries) = (other.LostEntries, LostEntries);
    }

    /// <summary>Room for the entries of a message that lives as long as these effects.</summary>
    internal Memory<Entry> RentEntries(int count)
    {
        if (_arena.Length - _arenaUsed < count)
        {
            // Slices of the old array stay valid: the garbage collector keeps it for them.
            _arena = new Entry[Math.Max(_arena.Length * 2, count)];
            _arenaUsed = 0;
        }

        Memory<Entry> room = _arena.AsMemory(_arenaUsed, count);
        _arenaUsed += count;
        return room;
    }
}
