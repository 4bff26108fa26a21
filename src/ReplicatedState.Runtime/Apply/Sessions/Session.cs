using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>What the group remembers of one client session: the sequences executed above what the client acknowledged, and their replies.</summary>
/// <remarks>Sequence <c>s</c> lies in slot <c>s mod length</c> of a ring that grows with the distance between acknowledged and executed, to the window at most. Arithmetic is
/// by distance from what is acknowledged: a client may number its calls up to the end of 64 bits.</remarks>
internal sealed class Session(ulong id, ReplyStore replies)
{
    private const int RingInitial = 8;

    /// <summary>A ring longer than this is given back when it runs empty: a burst must not hold its memory for the session's whole life.</summary>
    private const int RingKeptMax = 256;

    private Slot[] _ring = new Slot[RingInitial];
    private int _open;

    /// <summary>The index of the entry that opened it.</summary>
    public ulong Id { get; } = id;

    /// <summary>The log time of its last command.</summary>
    public long LastUsedMs { get; set; }

    /// <summary>The client has the replies of every sequence up to this one.</summary>
    public ulong AcknowledgedUpTo { get; private set; }

    /// <summary>Bytes of replies kept.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Executed and not acknowledged.</summary>
    public int OpenCount => _open;

    /// <summary>The neighbours in the table's order of last use.</summary>
    public Session? Older { get; set; }

    /// <inheritdoc cref="Older"/>
    public Session? Newer { get; set; }

    /// <summary>Drops the replies up to a sequence; returns how many bytes they had. Going back does nothing.</summary>
    public long Acknowledge(ulong upTo)
    {
        if (upTo <= AcknowledgedUpTo)
            return 0;
        long before = KeptBytes;
        ulong distance = Math.Min(upTo - AcknowledgedUpTo, (ulong)_ring.Length);
        for (ulong ahead = 1; ahead <= distance && _open > 0; ahead++)
            Forget(ref SlotOf(AcknowledgedUpTo + ahead));
        AcknowledgedUpTo = upTo;
        if (_open == 0 && _ring.Length > RingKeptMax)
            _ring = new Slot[RingInitial];
        return before - KeptBytes;
    }

    /// <summary>Whether a sequence above the acknowledged ones was executed, and what is left of its reply.</summary>
    public bool TryGet(ulong sequence, out KeptReply reply)
    {
        Invariant.Holds(sequence > AcknowledgedUpTo, "only sequences above the acknowledged ones are remembered");
        reply = default;
        if (sequence - AcknowledgedUpTo > (ulong)_ring.Length)
            return false;
        ref Slot slot = ref SlotOf(sequence);
        reply = slot.Reply;
        return slot.Executed;
    }

    /// <summary>Remembers that a sequence was executed. The caller has checked that it is within the window.</summary>
    public void Add(ulong sequence, KeptReply reply)
    {
        Invariant.Holds(sequence > AcknowledgedUpTo, "only sequences above the acknowledged ones are executed");
        ulong distance = sequence - AcknowledgedUpTo;
        if (distance > (ulong)_ring.Length)
            Grow(distance);
        ref Slot slot = ref SlotOf(sequence);
        Invariant.Holds(!slot.Executed, "a sequence is executed once");
        slot = new Slot(true, reply);
        _open++;
        KeptBytes += reply.Bytes.Length;
    }

    /// <summary>Gives up all replies; returns how many bytes they had.</summary>
    public long Clear()
    {
        long bytes = KeptBytes;
        for (int i = 0; i < _ring.Length && _open > 0; i++)
            Forget(ref _ring[i]);
        return bytes;
    }

    /// <summary>The executed sequences above the acknowledged ones, ascending.</summary>
    public IEnumerable<(ulong Sequence, KeptReply Reply)> Executed()
    {
        int left = _open;
        for (ulong ahead = 1; left > 0; ahead++)
        {
            if (!TryGet(AcknowledgedUpTo + ahead, out KeptReply reply))
                continue;
            left--;
            yield return (AcknowledgedUpTo + ahead, reply);
        }
    }

    private void Forget(ref Slot slot)
    {
        if (!slot.Executed)
            return;
        KeptBytes -= slot.Reply.Bytes.Length;
        replies.Drop(slot.Reply.Bytes);
        slot = default;
        _open--;
    }

    private void Grow(ulong distance)
    {
        Slot[] old = _ring;
        _ring = new Slot[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)distance)];
        for (ulong ahead = 1; ahead <= (ulong)old.Length; ahead++)
        {
            // Near the end of all numbers this runs over it into slots that are empty.
            ulong sequence = AcknowledgedUpTo + ahead;
            SlotOf(sequence) = old[sequence & (ulong)(old.Length - 1)];
        }
    }

    private ref Slot SlotOf(ulong sequence) => ref _ring[sequence & (ulong)(_ring.Length - 1)];

    private readonly record struct Slot(bool Executed, KeptReply Reply);
}
