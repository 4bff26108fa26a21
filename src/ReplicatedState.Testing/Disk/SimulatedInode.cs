using ReplicatedState.Consensus;

namespace ReplicatedState.Testing;

/// <summary>A file as the operating system shows it, and as it is on the medium.</summary>
internal sealed class SimulatedInode
{
    public const int SectorBytes = 512;
    private const int VersionsMax = 4;
    private static readonly byte[] Zeros = new byte[SectorBytes];

    // What unsynced sectors looked like after each write, for a power cut in between; the newest is in _shown.
    private readonly SortedDictionary<long, List<byte[]>> _unsynced = [];
    private byte[] _shown = [];
    private byte[] _medium = [];
    private int _mappedBytes;
    private int _mappings;

    public long Length { get; private set; }

    private long MediumLength { get; set; }

    public int Read(long offset, Span<byte> into)
    {
        int count = (int)Math.Clamp(Length - offset, 0, into.Length);
        if (count > 0)
            _shown.AsSpan((int)offset, count).CopyTo(into);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        Grow(Math.Max(Length, offset + bytes.Length));
        Touch(offset, bytes.Length);
        bytes.CopyTo(_shown.AsSpan((int)offset));
    }

    public void SetLength(long length)
    {
        if (length >= Length)
        {
            Grow(length);
            return;
        }

        Invariant.Holds(_mappings == 0, "a mapped file isn't cut");
        Touch(length, (int)(Length - length));
        _shown.AsSpan((int)length, (int)(Length - length)).Clear();
        Length = length;
    }

    public Span<byte> Map(int length)
    {
        Invariant.Holds(length <= Length, "only bytes that are there are mapped");
        _mappings++;
        _mappedBytes = Math.Max(_mappedBytes, length);
        return _shown.AsSpan(0, length);
    }

    public Span<byte> Mapped(int length) => _shown.AsSpan(0, length);

    public void Unmap() => _mappings--;

    /// <summary>Makes everything durable.</summary>
    public void Sync()
    {
        NoticeMappedWrites();
        EnsureMedium(Length);
        foreach (long sector in _unsynced.Keys)
            CopySector(sector, _shown, _medium);
        _unsynced.Clear();
        MediumLength = Length;
    }

    /// <summary>
    /// A sync that failed: some sectors reached the medium, the others are forgotten and counted as clean, as Linux does. Another sync would succeed without them, which is why there must
    /// be none.
    /// </summary>
    public void FailSync(SeededRandom random)
    {
        NoticeMappedWrites();
        EnsureMedium(Length);
        foreach (long sector in _unsynced.Keys)
        {
            if (random.Chance(500))
                CopySector(sector, _shown, _medium);
        }

        _unsynced.Clear();
        _mappedBytes = 0;
        MediumLength = Length;
    }

    /// <summary>What is found after a power cut: what was synced, and of the rest whatever the random numbers say, sector by sector.</summary>
    public void LosePower(SeededRandom random, int keepPerMille, bool flipBits)
    {
        NoticeMappedWrites();
        EnsureMedium(Math.Max(Length, MediumLength));
        long length = MediumLength;
        if (Length != MediumLength && random.Chance(keepPerMille))
            length = Length;
        else if (Length > MediumLength && random.Chance(250))
            length = MediumLength + random.Next((uint)(Length - MediumLength));
        foreach ((long sector, List<byte[]> versions) in _unsynced)
        {
            if (random.Chance(keepPerMille))
                KeepSector(sector, flipBits && random.Chance(100) ? random : null);
            else if (versions.Count > 1 && random.Chance(200))
                versions[1 + (int)random.Next((uint)versions.Count - 1)].CopyTo(_medium.AsSpan((int)(sector * SectorBytes)));
        }

        _medium.AsSpan((int)length).Clear();
        _shown = [.. _medium];
        _unsynced.Clear();
        _mappings = _mappedBytes = 0;
        Length = MediumLength = length;
    }

    /// <summary>The process ended: mappings are gone, what it wrote through them isn't.</summary>
    public void LoseProcess()
    {
        NoticeMappedWrites();
        _mappings = _mappedBytes = 0;
    }

    /// <summary>Damages the medium itself.</summary>
    public void Flip(long offset, int bit)
    {
        Invariant.Holds(offset < Length, "only bytes that are there are damaged");
        EnsureMedium(Length);
        _shown[offset] ^= (byte)(1 << bit);
        _medium[offset] ^= (byte)(1 << bit);
    }

    /// <summary>Another file with what is shown, durable.</summary>
    public SimulatedInode Copy()
    {
        var copy = new SimulatedInode();
        copy.Grow(Length);
        _shown.AsSpan(0, (int)Length).CopyTo(copy._shown);
        copy.Length = Length;
        copy._medium = [.. copy._shown];
        copy.MediumLength = Length;
        return copy;
    }

    private void Grow(long length)
    {
        if (length > _shown.Length)
        {
            Invariant.Holds(_mappings == 0, "a mapped file doesn't grow");
            Array.Resize(ref _shown, (int)Sectors(Math.Max(length, _shown.Length * 3L / 2)) * SectorBytes);
        }

        Length = Math.Max(Length, length);
    }

    /// <summary>Remembers what the sectors looked like before they change.</summary>
    private void Touch(long offset, int count)
    {
        for (long sector = offset / SectorBytes; sector * SectorBytes < offset + count; sector++)
        {
            if (!_unsynced.TryGetValue(sector, out List<byte[]>? versions))
                _unsynced.Add(sector, versions = []);
            if (versions.Count < VersionsMax)
                versions.Add(SectorOf(_shown, sector).ToArray());
        }
    }

    /// <summary>Nobody tells about writes to mapped memory: what differs from the medium was written.</summary>
    private void NoticeMappedWrites()
    {
        for (long sector = 0; sector * SectorBytes < _mappedBytes; sector++)
        {
            if (!_unsynced.ContainsKey(sector) && !SectorOf(_shown, sector).SequenceEqual(SectorOf(_medium, sector)))
                _unsynced.Add(sector, [SectorOf(_medium, sector).ToArray()]);
        }
    }

    private void KeepSector(long sector, SeededRandom? flips)
    {
        Span<byte> onMedium = _medium.AsSpan((int)(sector * SectorBytes), SectorBytes);
        byte[] before = onMedium.ToArray();
        CopySector(sector, _shown, _medium);
        if (flips is null)
            return;
        // Only bytes that changed may come out wrong: their neighbours in the sector may have been synced.
        for (int i = 0; i < SectorBytes; i++)
        {
            if (onMedium[i] != before[i] && flips.Chance(20))
                onMedium[i] ^= (byte)(1 << (int)flips.Next(8));
        }
    }

    private void EnsureMedium(long length)
    {
        int bytes = (int)Math.Max(Sectors(length) * SectorBytes, _shown.Length);
        if (_medium.Length < bytes)
            Array.Resize(ref _medium, bytes);
        if (_shown.Length < bytes && _mappings == 0)
            Array.Resize(ref _shown, bytes);
    }

    private static long Sectors(long bytes) => (bytes + SectorBytes - 1) / SectorBytes;

    private static void CopySector(long sector, byte[] from, byte[] to) =>
        SectorOf(from, sector).CopyTo(to.AsSpan((int)(sector * SectorBytes), SectorBytes));

    private static ReadOnlySpan<byte> SectorOf(byte[] bytes, long sector)
    {
        int start = (int)(sector * SectorBytes);
        return start + SectorBytes <= bytes.Length ? bytes.AsSpan(start, SectorBytes) : Zeros;
    }
}
