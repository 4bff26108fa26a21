using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Apply;

/// <summary>The apply hashes of some indexes that lie behind: of each of the last few, and of every so many for a long stretch, at the same indexes on all replicas.</summary>
internal sealed class CheckpointRing
{
    /// <summary>Indexes that are multiples of this are remembered for long.</summary>
    public const ulong Spacing = 512;

    private const int RecentSlots = 64;
    private const int SpacedSlots = 128;
    private readonly UInt128[] _recent = new UInt128[RecentSlots];
    private readonly UInt128[] _spaced = new UInt128[SpacedSlots];
    private ulong _first = 1;
    private ulong _last;

    /// <summary>The last index that all replicas remember for long, and its hash; default before the first.</summary>
    public HashCheckpoint Spaced { get; private set; }

    /// <summary>The hash of the next index.</summary>
    public void Add(ulong index, UInt128 hash)
    {
        _last = index;
        _recent[index % RecentSlots] = hash;
        if (index % Spacing != 0)
            return;
        _spaced[index / Spacing % SpacedSlots] = hash;
        Spaced = new HashCheckpoint(index, hash);
    }

    /// <summary>Begins anew at an index: what lies before it was another state's.</summary>
    public void Reset(ulong index, UInt128 hash)
    {
        _first = Math.Max(1, index);
        Spaced = default;
        if (index > 0)
            Add(index, hash);
    }

    /// <summary>The hash of an index, where it is remembered.</summary>
    public bool TryGet(ulong index, out UInt128 hash)
    {
        hash = default;
        if (index < _first || index > _last)
            return false;
        if (_last - index < RecentSlots)
            hash = _recent[index % RecentSlots];
        else if (index % Spacing == 0 && (_last - index) / Spacing < SpacedSlots - 1)
            hash = _spaced[index / Spacing % SpacedSlots];
        else
            return false;
        return true;
    }
}
