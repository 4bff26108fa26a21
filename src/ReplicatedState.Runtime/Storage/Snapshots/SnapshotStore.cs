using System.Collections.Immutable;
using System.Globalization;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The snapshot files of a node: <c>snap/&lt;group&gt;/&lt;term&gt;-&lt;index&gt;.snap</c>.</summary>
/// <remarks>
/// A file is written aside, synced, renamed and its directory synced before anybody is told of it, so a crash leaves the old snapshots and perhaps the new one, never half of
/// one. Safe for concurrent use on different groups; within a group one thread writes at a time, and reads may run beside it.
/// </remarks>
public sealed class SnapshotStore(IDisk disk, string directory)
{
    internal const string UnfinishedSuffix = ".new";
    private const string SnapshotSuffix = ".snap";
    private const string PartSuffix = ".part";

    /// <summary>Begins a snapshot of this node's own state.</summary>
    public SnapshotWriter Create(SnapshotHeader header)
    {
        string path = PathOf(header.Group, header.Meta.Position);
        disk.CreateDirectory(DirectoryOf(header.Group));
        return new SnapshotWriter(disk, path, header);
    }

    /// <summary>Begins, or resumes, to receive a file. What arrived of any other file for this group is removed: only one transfer is useful at a time.</summary>
    /// <param name="group">The group.</param>
    /// <param name="position">Where the announced snapshot stands.</param>
    /// <param name="sizeBytes">The size of the file.</param>
    /// <param name="sha256">The file's hash as announced.</param>
    public SnapshotReceiver Receive(GroupId group, LogPosition position, long sizeBytes, ImmutableArray<byte> sha256)
    {
        if (sha256.Length != SnapshotFormat.Sha256Bytes)
            throw new InvalidSnapshotException($"A snapshot was announced with a hash of {sha256.Length} bytes.");
        disk.CreateDirectory(DirectoryOf(group));
        string path = PathOf(group, position);
        string part = $"{path}.{Convert.ToHexStringLower(sha256.AsSpan()[..8])}{PartSuffix}";
        foreach (string name in disk.ListFiles(DirectoryOf(group)))
        {
            string other = Path.Combine(DirectoryOf(group), name);
            if (name.EndsWith(PartSuffix, StringComparison.Ordinal) && other != part)
                disk.Delete(other);
        }

        return new SnapshotReceiver(disk, group, position, path, part, sizeBytes, sha256);
    }

    /// <summary>The newest snapshot of a group whose every byte is right; null where there is none.</summary>
    /// <param name="group">The group.</param>
    /// <param name="onDamaged">Hears of each newer file that is damaged: worth an alarm, for a finished file doesn't get damaged by a crash.</param>
    public StoredSnapshot? FindNewest(GroupId group, Action<InvalidSnapshotException>? onDamaged = null)
    {
        foreach ((LogPosition position, string path) in Files(group).OrderByDescending(file => file.Position.Index).ThenByDescending(file => file.Position.Term))
        {
            try
            {
                return Verify(group, position, path);
            }
            catch (InvalidSnapshotException damaged)
            {
                onDamaged?.Invoke(damaged);
            }
        }

        return null;
    }

    /// <summary>The snapshot at a position, checked; null where there is no such file.</summary>
    /// <exception cref="InvalidSnapshotException">It is damaged.</exception>
    public StoredSnapshot? Find(GroupId group, LogPosition position)
    {
        string path = PathOf(group, position);
        return disk.FileExists(path) ? Verify(group, position, path) : null;
    }

    /// <summary>Opens the content that <see cref="SnapshotWriter"/> was given. It is read, and every byte of it checked, while it is used.</summary>
    /// <exception cref="InvalidSnapshotException">It is damaged.</exception>
    public SnapshotContent OpenContent(StoredSnapshot snapshot) => new(disk.Open(snapshot.Path, FileOpenMode.Existing));

    /// <summary>Opens the file as it is, to be sent to another node. It stays readable until it is disposed, also when the store deletes it meanwhile.</summary>
    public IStorageFile OpenFile(StoredSnapshot snapshot) => disk.Open(snapshot.Path, FileOpenMode.Existing);

    /// <summary>Removes the snapshots below a position. Call it when the metadata of the snapshot there is durable.</summary>
    public void DeleteOlder(GroupId group, LogPosition than) =>
        Delete(group, [.. Files(group).Where(file => file.Position.Index < than.Index).Select(file => file.Path)]);

    /// <summary>
    /// Removes the files that a crash left unfinished, and those above the snapshot that the log knows of: the sync of their directory may have failed, and then a later one succeeds without
    /// them, so nobody may count on what only the cache shows. For a node's start, before anything writes; pieces of a transfer stay, to be resumed.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="known">Where the snapshot stands whose metadata is durable; its file was, before.</param>
    public void RemoveUnfinished(GroupId group, LogPosition known) =>
        Delete(
            group,
            [
                .. disk.ListFiles(DirectoryOf(group)).Where(name => name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal)).Select(name => Path.Combine(DirectoryOf(group), name)),
                .. Files(group).Where(file => file.Position != known && file.Position.Index >= known.Index).Select(file => file.Path),
            ]);

    private void Delete(GroupId group, IReadOnlyCollection<string> paths)
    {
        if (paths.Count == 0)
            return;
        foreach (string path in paths)
            disk.Delete(path);
        disk.SyncDirectory(DirectoryOf(group));
    }

    private StoredSnapshot Verify(GroupId group, LogPosition position, string path)
    {
        StoredSnapshot snapshot = SnapshotFile.Verify(disk, path);
        return snapshot.IsOf(group, position)
            ? snapshot
            : throw new InvalidSnapshotException(
                $"The snapshot file {path} holds group {snapshot.Header.Group} at {snapshot.Header.Meta.Position}: somebody renamed or moved it. Put it back, or delete it.");
    }

    private IEnumerable<(LogPosition Position, string Path)> Files(GroupId group)
    {
        foreach (string name in disk.ListFiles(DirectoryOf(group)))
        {
            string stem = Path.GetFileNameWithoutExtension(name);
            int dash = stem.IndexOf('-', StringComparison.Ordinal);
            if (name.EndsWith(SnapshotSuffix, StringComparison.Ordinal)
                && dash > 0
                && ulong.TryParse(stem.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out ulong term)
                && ulong.TryParse(stem.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong index))
                yield return (new LogPosition(index, term), Path.Combine(DirectoryOf(group), name));
        }
    }

    private string DirectoryOf(GroupId group) => Path.Combine(directory, group.ToString());

    private string PathOf(GroupId group, LogPosition position) =>
        Path.Combine(DirectoryOf(group), string.Create(CultureInfo.InvariantCulture, $"{position.Term}-{position.Index}{SnapshotSuffix}"));
}
