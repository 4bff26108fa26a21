using System.IO.Hashing;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>The idempotency keys of a group and their replies, oldest first.</summary>
/// <remarks>
/// A key's time to live counts from its first use, so keys leave in the order in which they came: entries lie in a ring, and are found through hash chains of
/// ring positions. The hash is seeded with the group's secret, so that clients can't pick keys that collide; the order within a chain has no influence on any result.
/// </remarks>
internal sealed class IdempotencyTable(ReplyStore replies, long hashSeed)
{
    private const int RingInitial = 16;
    private const int None = -1;

    private Entry[] _ring = new Entry[RingInitial];
    private int[] _chains = EmptyChains(RingInitial);
    private int _head;

    public int Count { get; private set; }

    /// <summary>The key that was used first, among those still known.</summary>
    public KeyedReply Oldest
    {
        get
        {
            Invariant.Holds(Count > 0, "an empty table of keys has no oldest one");
            return _ring[_head].Value;
        }
    }

    public bool TryGet(ReadOnlySpan<byte> key, out KeyedReply reply)
    {
        uint hash = HashOf(key);
        for (int at = _chains[ChainOf(hash)]; at != None; at = _ring[at].Next)
        {
            ref readonly Entry entry = ref _ring[at];
            if (entry.Hash != hash || !KeyOf(entry.Value).SequenceEqual(key))
                continue;
            reply = entry.Value;
            return true;
        }

        reply = default;
        return false;
    }

    /// <summary>Adds a key that is not known yet.</summary>
    public void Add(scoped in KeyedReply reply)
    {
        if (Count == _ring.Length)
            Grow();
        int at = (_head + Count) & (_ring.Length - 1);
        _ring[at] = new Entry(reply, HashOf(KeyOf(reply)), None);
        Link(at);
        Count++;
    }

    /// <summary>Forgets the oldest key; returns how many bytes it had kept.</summary>
    public int RemoveOldest()
    {
        ref Entry oldest = ref _ring[_head];
        Unlink(_head);
        int bytes = oldest.Value.KeyAndReply.Length;
        replies.Drop(oldest.Value.KeyAndReply);
        oldest = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return bytes;
    }

    /// <summary>All keys, oldest first.</summary>
    public IEnumerable<KeyedReply> All()
    {
        for (int i = 0; i < Count; i++)
            yield return _ring[(_head + i) & (_ring.Length - 1)].Value;
    }

    public ReadOnlySpan<byte> KeyOf(scoped in KeyedReply reply) => replies.Get(reply.KeyAndReply)[..reply.KeyLength];

    public ReadOnlySpan<byte> ReplyOf(scoped in KeyedReply reply) => replies.Get(reply.KeyAndReply)[reply.KeyLength..];

    private static int[] EmptyChains(int length)
    {
        var chains = new int[length];
        Array.Fill(chains, None);
        return chains;
    }

    private uint HashOf(ReadOnlySpan<byte> key) => (uint)XxHash3.HashToUInt64(key, hashSeed);

    private int ChainOf(uint hash) => (int)(hash & (uint)(_chains.Length - 1));

    private void Link(int at)
    {
        ref int first = ref _chains[ChainOf(_ring[at].Hash)];
        _ring[at].Next = first;
        first = at;
    }

    private void Unlink(int at)
    {
        ref int link = ref _chains[ChainOf(_ring[at].Hash)];
        while (link != at)
            link = ref _ring[link].Next;
        link = _ring[at].Next;
    }

    private void Grow()
    {
        var grown = new Entry[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
            grown[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = grown;
        _head = 0;
        _chains = EmptyChains(grown.Length);
        for (int i = 0; i < Count; i++)
            Link(i);
    }

    private struct Entry(KeyedReply value, uint hash, int next)
    {
        public readonly KeyedReply Value = value;
        public readonly uint Hash = hash;
        public int Next = next;
    }
}
