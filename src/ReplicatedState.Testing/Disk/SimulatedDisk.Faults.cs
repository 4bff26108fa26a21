using ReplicatedState.Consensus;

namespace ReplicatedState.Testing;

// What can be made to go wrong.
public sealed partial class SimulatedDisk
{
    private long _life;

    /// <summary>Changes of files and directories so far: creations, writes, cuts, syncs, renames, deletions.</summary>
    public long Operations { get; private set; }

    /// <summary>Writes so far.</summary>
    public long Writes { get; private set; }

    /// <summary>Syncs of files, mappings and directories so far.</summary>
    public long Syncs { get; private set; }

    /// <summary>The power fails instead of the operation with this number; the first is 1.</summary>
    public long? CutPowerAt { get; set; }

    /// <summary>The write with this number fails with an I/O error, having written a part.</summary>
    public long? FailWriteAt { get; set; }

    /// <summary>The sync with this number fails with an I/O error, having made a part durable.</summary>
    public long? FailSyncAt { get; set; }

    /// <summary>The next write to a file whose path begins so goes to another place of that file, and says nothing.</summary>
    public string? MisdirectWriteUnder { get; set; }

    /// <summary>Writes that failed with an I/O error.</summary>
    public long FailedWrites { get; private set; }

    /// <summary>Syncs that failed with an I/O error.</summary>
    public long FailedSyncs { get; private set; }

    /// <summary>Writes that went to another place.</summary>
    public long MisdirectedWrites { get; private set; }

    /// <summary>Writes that found no space.</summary>
    public long WritesWithoutSpace { get; private set; }

    /// <summary>Bytes that the files take.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
                return _shown.Values.Distinct().Sum(inode => inode.Length);
        }
    }

    /// <summary>At the write with this number the file system has no byte left, until <see cref="CapacityBytes"/> is set again.</summary>
    public long? FillUpAtWrite { get; set; }

    /// <summary>The size of the file system in bytes; may be changed as by an operator who makes room.</summary>
    public long CapacityBytes { get; set; }

    /// <summary>True between a power cut and <see cref="PowerOn"/>: everything throws.</summary>
    public bool IsOff { get; private set; }

    /// <summary>The last operation that was begun, for messages.</summary>
    public string LastOperation { get; private set; } = "none";

    /// <summary>Cuts the power now.</summary>
    public void CutPower()
    {
        lock (_gate)
        {
            IsOff = true;
            CutPowerAt = null;
            _life++;
        }
    }

    /// <summary>Ends the process: open files and locks are gone, everything written is there.</summary>
    public void KillProcess()
    {
        lock (_gate)
        {
            _life++;
            _locks.Clear();
            foreach (SimulatedInode inode in _shown.Values)
                inode.LoseProcess();
        }
    }

    /// <summary>Brings the disk back after a power cut, with what the medium kept.</summary>
    public void PowerOn()
    {
        lock (_gate)
        {
            Invariant.Holds(IsOff, "only a disk without power is switched on");
            // Some cuts lose everything that wasn't synced, some nothing, the others a part.
            int keepPerMille = _random.OneOf(0, 1000, 200, 500, 800);
            foreach (DirectoryChange change in _unsyncedChanges)
            {
                if (_random.Chance(keepPerMille))
                    change.ApplyTo(_medium);
            }

            _unsyncedChanges.Clear();
            _locks.Clear();
            foreach (SimulatedInode inode in _medium.OrderBy(name => name.Key, StringComparer.Ordinal).Select(name => name.Value).Distinct())
                inode.LosePower(_random, keepPerMille, _options.FlipsUnsyncedBits);
            _shown = new Dictionary<string, SimulatedInode>(_medium, StringComparer.Ordinal);
            IsOff = false;
        }
    }

    /// <summary>Damages a durable byte, as a failing medium does.</summary>
    public void FlipBit(string path, long offset, int bit)
    {
        lock (_gate)
            _shown[path].Flip(offset, bit);
    }

    /// <summary>A disk of its own with the files as they are shown now, all of it durable: a backup, or a copy to try something on.</summary>
    /// <param name="seed">Of what the copy decides from here on.</param>
    public SimulatedDisk Copy(ulong seed)
    {
        lock (_gate)
        {
            var copy = new SimulatedDisk(seed, _options) { CapacityBytes = CapacityBytes };
            copy._directories.UnionWith(_directories);
            var copies = new Dictionary<SimulatedInode, SimulatedInode>();
            foreach ((string path, SimulatedInode inode) in _shown)
            {
                if (!copies.TryGetValue(inode, out SimulatedInode? own))
                    copies.Add(inode, own = inode.Copy());
                copy._shown.Add(path, own);
                copy._medium.Add(path, own);
            }

            return copy;
        }
    }

    private void ThrowIfOff()
    {
        if (IsOff)
            throw new StorageFailedException("The simulated power is off.");
    }

    private void BeginOperation(string what, string path)
    {
        Operations++;
        LastOperation = $"{what} {path}";
        if (Operations != CutPowerAt)
            return;
        IsOff = true;
        CutPowerAt = null;
        _life++;
        ThrowIfOff();
    }

    private void CountSync(string path, SimulatedInode? inode)
    {
        if (++Syncs != FailSyncAt)
            return;
        FailSyncAt = null;
        FailedSyncs++;
        inode?.FailSync(_random);
        throw Failed("make the last writes durable", path, "Input/output error (errno 5)");
    }

    /// <summary>Where a write goes: where it should, but for one that is misdirected by some sectors.</summary>
    private long Direct(string path, SimulatedInode inode, long offset)
    {
        if (MisdirectWriteUnder is not { } under || !path.StartsWith(under, StringComparison.Ordinal) || inode.Length <= 2 * SimulatedInode.SectorBytes)
            return offset;
        MisdirectWriteUnder = null;
        long sectors = inode.Length / SimulatedInode.SectorBytes;
        long elsewhere = (_random.Next((uint)sectors) * SimulatedInode.SectorBytes) + (offset % SimulatedInode.SectorBytes);
        if (elsewhere == offset)
            elsewhere = offset >= SimulatedInode.SectorBytes ? offset - SimulatedInode.SectorBytes : offset + SimulatedInode.SectorBytes;
        MisdirectedWrites++;
        return elsewhere;
    }

    private void CountWrite(string path, SimulatedInode inode, long offset, ReadOnlySpan<byte> bytes)
    {
        if (++Writes == FailWriteAt)
        {
            FailWriteAt = null;
            FailedWrites++;
            inode.Write(offset, bytes[..(bytes.Length / 2)]);
            throw Failed($"write {bytes.Length} bytes at {offset}", path, "Input/output error (errno 5)");
        }

        if (Writes == FillUpAtWrite)
            CapacityBytes = UsedBytes;
        long growth = Math.Max(0, offset + bytes.Length - inode.Length);
        if (growth > 0 && CapacityBytes != long.MaxValue && growth > CapacityBytes - UsedBytes)
        {
            WritesWithoutSpace++;
            throw Failed($"write {bytes.Length} bytes at {offset}", path, "No space left on device (errno 28)");
        }
    }
}
