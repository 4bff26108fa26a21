using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Formation;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.SystemGroup.Commands;

namespace ReplicatedState.Runtime.Recovery;

/// <summary>
/// Makes a cluster of one node out of the data directory of a member whose fellows are gone for good. For when a majority is lost: what was acknowledged and never reached this node is lost with it.
/// </summary>
/// <remarks>
/// <para>
/// Offline, on the directory's lock. Every group gets one more configuration, of this node alone, behind everything that its log holds, in a term above every term that the node knew; the system group's records get the new
/// epoch too. Nothing in the log is dropped: the node can't know what of its uncommitted end was acknowledged through others, so all of it becomes committed, as it would if the node had been elected. Configurations
/// of that end, joint ones and those without this node, count no more because a later one does.
/// </para>
/// <para>
/// A crash at any point leaves the directory as it was, or marked as unfinished: then no node starts from it, and carrying the recovery out once more finishes it. Everything is written down before it is done, so doing it twice
/// does nothing twice.
/// </para>
/// <para>Raft says nothing of this: it trades safety for life, and only an operator can know that the others don't go on. The epoch keeps those that do apart from here on.</para>
/// </remarks>
public sealed class ForcedRecovery : IDisposable
{
    private readonly DataDirectory _directory;
    private readonly ILogStore _store;
    private readonly NodeIdentity _identity;
    private readonly SystemState _cluster;
    private readonly RecoveryMarkerFile _markerFile;
    private readonly RecoveryMarker? _begun;

    private ForcedRecovery(DataDirectory directory, ILogStore store)
    {
        _directory = directory;
        _store = store;
        _identity = directory.ReadIdentity()
            ?? throw new StorageFailedException($"There is no node in the directory {directory.Path}.");
        if (_identity.ClusterGuid is null)
            throw new StorageFailedException($"The node '{_identity.Name}' in {directory.Path} belongs to no cluster: there is nothing to recover.");
        RefuseDistrusted(directory);
        _markerFile = new RecoveryMarkerFile(directory);
        _begun = _markerFile.Read();
        ulong last = _begun is null ? store.Load(GroupId.System).LastIndex : _begun.Starts[GroupId.System].Index - 1;
        _cluster = ClusterRecords.At(store, new SnapshotStore(directory.Disk, directory.SnapshotPath), last);
        if (!_cluster.Members.TryGetValue(_identity.RaftId, out Member? survivor))
        {
            throw new StorageFailedException(
                $"The node '{_identity.Name}' with the id {_identity.RaftId} is no member of its cluster, as far as its log goes, so it can't become the only one. Recover another node's directory.");
        }

        Plan = new RecoveryPlan(
            survivor.Name,
            survivor.Id,
            _identity.ClusterGuid.Value,
            _cluster.Epoch,
            _begun?.Epoch ?? Math.Max(_cluster.Epoch, _identity.Epoch) + 1,
            [.. _cluster.Members.Values.Where(member => member.Id != survivor.Id).Select(static member => member.Name).Order(StringComparer.Ordinal)],
            [Describe(ClusterFormation.SystemGroup), .. _cluster.Groups.Values.OrderBy(static group => group.Id).Select(Describe)],
            IsUnfinished: _begun is not null);
    }

    /// <summary>What there is, and what <see cref="Carry"/> would make of it.</summary>
    public RecoveryPlan Plan { get; }

    /// <summary>Locks a node's data directory and looks at it. Opens the log store as a start of the node does, and changes nothing that the node would notice.</summary>
    /// <param name="disk">The file system.</param>
    /// <param name="path">The data directory.</param>
    /// <param name="openLogStore">Opens the store that the node is configured with.</param>
    /// <exception cref="StorageFailedException">Another process uses the directory, it holds no member of a cluster, or it is damaged; the message says what to do.</exception>
    public static ForcedRecovery Open(IDisk disk, string path, Func<DataDirectory, ILogStore> openLogStore)
    {
        if (!disk.DirectoryExists(Path.GetFullPath(path)))
            throw new StorageFailedException($"There is no data directory {Path.GetFullPath(path)}.");
        DataDirectory directory = DataDirectory.Open(disk, path);
        ILogStore? store = null;
        try
        {
            if (directory.ReadIdentity() is null)
                throw new StorageFailedException($"There is no node in the directory {directory.Path}.");
            store = openLogStore(directory);
            return new ForcedRecovery(directory, store);
        }
        catch
        {
            store?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Carries the plan out; durable when it returns. Also finishes a recovery that a crash interrupted.</summary>
    /// <param name="acceptEmptyGroups">Groups of which nothing is stored here may begin empty.</param>
    /// <exception cref="StorageFailedException">The disk failed: what is done so far is marked as unfinished. Or a group would begin empty, and that was not accepted.</exception>
    public void Carry(bool acceptEmptyGroups = false)
    {
        if (_begun is null && !acceptEmptyGroups && Plan.Groups.FirstOrDefault(static group => group.IsEmpty) is { } empty)
            throw new StorageFailedException($"Nothing of the group '{empty.Name}' is stored here, so it would begin empty. Recover another node's directory, or accept that (--accept-empty-groups).");
        RecoveryMarker marker = _begun ?? Begin();
        // Where the identity has the new epoch, the log had come to its end before, and may have gone on since.
        if (_identity.Epoch < marker.Epoch)
        {
            foreach (GroupRecovery group in Plan.Groups)
                Extend(group.Group, marker);
            _store.Sync();
            _directory.WriteIdentity(_identity with { Epoch = marker.Epoch });
        }

        _markerFile.Delete();
    }

    /// <summary>Closes the store and unlocks the directory.</summary>
    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    /// <summary>A directory that remembers something against itself would start, and serve nothing: there would be nobody left to set it right.</summary>
    private static void RefuseDistrusted(DataDirectory directory)
    {
        var distrust = new DistrustFiles(directory.Disk, directory.DistrustPath);
        string? reason = distrust.LostEntries ?? (distrust.ReadAll() is [var first, ..] ? first.Sentence : null);
        if (reason is not null)
            throw new StorageFailedException($"The data directory {directory.Path} isn't trusted, so another node's has to be recovered: {reason}");
    }

    private RecoveryMarker Begin()
    {
        var starts = Plan.Groups.ToDictionary(
            static group => group.Group,
            static group => new LogPosition(Math.Max(group.Last.Index, FirstIndexOf(group) - 1) + 1, Math.Max(group.Term, Math.Max(group.Last.Term, Founding.Term)) + 1));
        var marker = new RecoveryMarker(Plan.NewEpoch, starts);
        _markerFile.Write(marker);
        return marker;
    }

    /// <summary>A machine's group that nothing was written of yet begins with its first configuration, as it would on any node.</summary>
    private static ulong FirstIndexOf(GroupRecovery group) => group.IsEmpty && group.Group != GroupId.System ? 2UL : 1UL;

    /// <summary>Puts the new configuration behind a group's log, or once more in the place of what an interrupted attempt left.</summary>
    private void Extend(GroupId group, RecoveryMarker marker)
    {
        LogPosition start = marker.Starts[group];
        StoredGroup stored = _store.Load(group);
        List<Entry> entries = [];
        if (start.Index == 2 && stored.LastIndex < 2 && stored.Base.Index == 0 && group != GroupId.System)
        {
            ClusterGroup description = _cluster.Groups.Values.First(described => described.Id == group);
            entries.Add(ConfigEntry(new LogPosition(1, Founding.Term), description.FirstConfiguration with { Revision = description.CreatedAt }, 0));
        }

        ulong from = entries.Count > 0 ? 1 : start.Index;
        long logTimeMs = entries.Count > 0 ? 0 : LogTimeAt(group, stored, start.Index - 1);
        ulong membershipIndex = marker.Starts[GroupId.System].Index;
        Configuration alone = Configuration.Of([_identity.RaftId]) with { Revision = membershipIndex };
        ulong next = start.Index;
        if (group == GroupId.System)
        {
            byte[] command = Founding.Encode(new RecoverCluster(marker.Epoch, _identity.RaftId));
            entries.Add(new Entry(next++, start.Term, EntryKind.Command, logTimeMs, Payload.Of(command)));
        }

        entries.Add(ConfigEntry(new LogPosition(next, start.Term), alone, logTimeMs));
        // The commit index stays: the node commits all of it itself, when it has elected itself.
        ulong commit = Math.Min(stored.HardState.Commit, start.Index - 1);
        _store.Write(group, Persist.OfForcedEntries(new HardState(start.Term, RaftId.None, commit), [.. entries], stored.LastIndex >= from ? from : null));
    }

    private static Entry ConfigEntry(LogPosition at, Configuration configuration, long logTimeMs) =>
        new(at.Index, at.Term, EntryKind.Config, logTimeMs, Payload.Of(ConfigurationCodec.Encode(configuration)));

    private long LogTimeAt(GroupId group, StoredGroup stored, ulong index)
    {
        if (index == stored.Base.Index)
            return stored.Snapshot.LogTimeMs;
        var entry = new Entry[1];
        return _store.Read(group, index, entry, long.MaxValue) == 1
            ? entry[0].LogTimeMs
            : throw new StorageFailedException($"Entry {index} of group {group} can't be read.");
    }

    private GroupRecovery Describe(ClusterGroup group)
    {
        StoredGroup stored = _store.Load(group.Id);
        ulong last = _begun is null ? stored.LastIndex : Math.Min(stored.LastIndex, _begun.Starts[group.Id].Index - 1);
        ulong lastTerm = last == 0 ? 0 : _store.TermAt(group.Id, last);
        return new GroupRecovery(
            group.Id, group.Name, stored.HardState.Term, stored.Snapshot.Index, Math.Min(Math.Max(stored.HardState.Commit, stored.Snapshot.Index), last), new LogPosition(last, lastTerm), ConfigurationAt(group, stored, last));
    }

    private Configuration ConfigurationAt(ClusterGroup group, StoredGroup stored, ulong last)
    {
        Configuration configuration = stored.LastIndex == 0 ? group.FirstConfiguration : stored.Snapshot.Configuration;
        var window = new Entry[64];
        for (ulong next = Math.Max(stored.Base.Index, stored.Snapshot.ConfigIndex) + 1; next <= last;)
        {
            int read = _store.Read(group.Id, next, window, 1024 * 1024);
            for (int i = 0; i < read && window[i].Index <= last; i++)
            {
                if (window[i].Kind == EntryKind.Config)
                    configuration = ConfigurationCodec.Decode(window[i].Payload.Span);
            }

            next += (ulong)read;
        }

        return configuration;
    }
}
