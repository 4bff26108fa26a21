using System.Numerics;

namespace ReplicatedState.Testing.Histories;

/// <summary>
/// The configurations that a search has been in: how far it came, which open operations have taken effect, and the state. One that has used up a superset of the
/// unknown operations of another, all else equal, can do no more than that one, and counts as known too.
/// </summary>
internal sealed class SearchMemo<TState>(int knownWords, int unknownWords)
    where TState : IEquatable<TState>?
{
    /// <summary>Compared for supersets with so many relatives at most, or a search with many unknown operations would spend its time here.</summary>
    private const int RelativesMax = 128;
    private const long WordsMax = 1L << 27;
    private readonly int _stride = knownWords + unknownWords;
    private int[] _byContent = NewBuckets(64);
    private int[] _byFamily = NewBuckets(64);
    private Item[] _items = new Item[64];
    private ulong[] _bits = new ulong[64 * (knownWords + unknownWords)];

    /// <summary>Configurations that were added.</summary>
    public int Count { get; private set; }

    /// <summary>True where more would take over a gibibyte for the sets alone: very many unknown operations in very many configurations.</summary>
    public bool IsFull => 2L * Count * _stride > WordsMax;

    /// <summary>Adds a configuration. False where it, or one that can do at least as much, was there before.</summary>
    /// <param name="position">Returns that have been explained.</param>
    /// <param name="bits">Open operations that took effect: first the known ones, then the unknown ones.</param>
    /// <param name="state">The state.</param>
    public bool TryAdd(int position, ReadOnlySpan<ulong> bits, TState state)
    {
        ulong family = Mix((ulong)position, (ulong)(state is null ? 0 : EqualityComparer<TState>.Default.GetHashCode(state)));
        foreach (ulong word in bits[..knownWords])
            family = Mix(family, word);
        ulong content = family;
        foreach (ulong word in bits[knownWords..])
            content = Mix(content, word);
        if (IsKnown(position, bits, state, family, content))
            return false;
        if (Count == _items.Length)
            Grow();
        int at = Count++;
        bits.CopyTo(_bits.AsSpan(at * _stride));
        _items[at] = new Item { Position = position, Family = family, Content = content, State = state };
        Link(at);
        return true;
    }

    private bool IsKnown(int position, ReadOnlySpan<ulong> bits, TState state, ulong family, ulong content)
    {
        for (int at = _byContent[(int)(content & (ulong)(_byContent.Length - 1))]; at >= 0; at = _items[at].NextOfContent)
        {
            if (_items[at].Content == content && IsRelative(at, position, bits, state) && BitsOf(at)[knownWords..].SequenceEqual(bits[knownWords..]))
                return true;
        }

        if (unknownWords == 0)
            return false;
        int relatives = 0;
        for (int at = _byFamily[(int)(family & (ulong)(_byFamily.Length - 1))]; at >= 0 && relatives < RelativesMax; at = _items[at].NextOfFamily)
        {
            if (_items[at].Family != family || !IsRelative(at, position, bits, state))
                continue;
            relatives++;
            if (IsSubset(BitsOf(at)[knownWords..], bits[knownWords..]))
                return true;
        }

        return false;
    }

    private bool IsRelative(int at, int position, ReadOnlySpan<ulong> bits, TState state) =>
        _items[at].Position == position
        && BitsOf(at)[..knownWords].SequenceEqual(bits[..knownWords])
        && EqualityComparer<TState>.Default.Equals(_items[at].State, state);

    private ReadOnlySpan<ulong> BitsOf(int at) => _bits.AsSpan(at * _stride, _stride);

    private void Link(int at)
    {
        ref Item item = ref _items[at];
        ref int content = ref _byContent[(int)(item.Content & (ulong)(_byContent.Length - 1))];
        item.NextOfContent = content;
        content = at;
        if (unknownWords == 0)
            return;
        ref int family = ref _byFamily[(int)(item.Family & (ulong)(_byFamily.Length - 1))];
        item.NextOfFamily = family;
        family = at;
    }

    private void Grow()
    {
        Array.Resize(ref _items, _items.Length * 2);
        Array.Resize(ref _bits, _items.Length * _stride);
        _byContent = NewBuckets(_items.Length);
        if (unknownWords > 0)
            _byFamily = NewBuckets(_items.Length);
        for (int at = 0; at < Count; at++)
            Link(at);
    }

    private static int[] NewBuckets(int count)
    {
        var buckets = new int[count];
        Array.Fill(buckets, -1);
        return buckets;
    }

    private static bool IsSubset(ReadOnlySpan<ulong> small, ReadOnlySpan<ulong> large)
    {
        for (int i = 0; i < small.Length; i++)
        {
            if ((small[i] & ~large[i]) != 0)
                return false;
        }

        return true;
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        ulong mixed = (BitOperations.RotateLeft(hash, 23) ^ value) * 0x9E3779B97F4A7C15;
        return mixed ^ (mixed >> 29);
    }

    private struct Item
    {
        public ulong Family;
        public ulong Content;
        public TState State;
        public int Position;
        public int NextOfContent;
        public int NextOfFamily;
    }
}
