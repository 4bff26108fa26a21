using System.Collections.Immutable;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Takes in a snapshot file that another node sends, piece by piece. What arrived stays when the receiver is disposed, so that a transfer resumes.</summary>
/// <remarks>One thread at a time.</remarks>
public sealed class SnapshotReceiver : IDisposable
{
    private readonly IDisk _disk;
    private readonly GroupId _group;
    private readonly LogPosition _position;
    private readonly string _path;
    private readonly string _part;
    private readonly ImmutableArray<byte> _sha256;
    private readonly IStorageFile _file;

    internal SnapshotReceiver(IDisk disk, GroupId group, LogPosition position, string path, string part, long sizeBytes, ImmutableArray<byte> sha256)
    {
        _disk = disk;
        _group = group;
        _position = position;
        _path = path;
        _part = part;
        _sha256 = sha256;
        SizeBytes = sizeBytes;
        _file = disk.Open(part, FileOpenMode.ExistingOrNew);
        if (_file.Length > sizeBytes)
            _file.SetLength(0);
        ReceivedBytes = _file.Length;
        WriteAgain();
    }

    /// <summary>The size of the whole file.</summary>
    public long SizeBytes { get; }

    /// <summary>Where the next piece belongs: what arrived so far, also in an earlier attempt.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Adds a piece. One that was received before, or that leaves a gap, changes nothing: the sender continues at <see cref="ReceivedBytes"/>.</summary>
    /// <returns>True where the piece was the next one.</returns>
    /// <exception cref="InvalidSnapshotException">It reaches beyond the announced size.</exception>
    public bool Append(long offset, ReadOnlySpan<byte> piece)
    {
        if (offset != ReceivedBytes)
            return false;
        if (piece.Length > SizeBytes - offset)
            throw new InvalidSnapshotException($"A snapshot of {SizeBytes} bytes was announced, and a piece at {offset} has {piece.Length}: {_part}.");
        _file.Write(offset, piece);
        ReceivedBytes += piece.Length;
        return true;
    }

    /// <summary>Checks the whole file, makes it durable and puts it in its place (persistence rule P9).</summary>
    /// <exception cref="InvalidSnapshotException">It isn't what was announced, or damaged; what arrived is removed, so that a new transfer begins from the start.</exception>
    /// <exception cref="StorageFailedException">A write, the sync or the rename failed.</exception>
    public StoredSnapshot Complete()
    {
        if (ReceivedBytes != SizeBytes)
            throw new InvalidSnapshotException($"Only {ReceivedBytes} of {SizeBytes} bytes of the snapshot have arrived: {_part}.");
        _file.SyncData();
        try
        {
            StoredSnapshot received = SnapshotFile.Verify(_disk, _part);
            if (!received.Sha256.SequenceEqual(_sha256) || !received.IsOf(_group, _position))
                throw new InvalidSnapshotException($"The snapshot that arrived isn't the one that was announced: {_part}.");
            _file.Dispose();
            _disk.Rename(_part, _path);
            _disk.SyncDirectory(Path.GetDirectoryName(_path)!);
            return received with { Path = _path };
        }
        catch (InvalidSnapshotException)
        {
            _file.Dispose();
            _disk.Delete(_part);
            throw;
        }
    }

    /// <summary>What arrived in an earlier attempt may stand in the cache alone: a sync that failed has forgotten it, and the next one would succeed without it.</summary>
    private void WriteAgain()
    {
        byte[] bytes = new byte[Math.Min(ReceivedBytes, 256 * 1024)];
        for (long offset = 0; offset < ReceivedBytes; offset += bytes.Length)
            _file.Write(offset, bytes.AsSpan(0, _file.Read(offset, bytes)));
    }

    /// <summary>Closes the file, keeping what arrived.</summary>
    public void Dispose() => _file.Dispose();
}
