namespace ReplicatedState.Client.Sessions;

/// <summary>A session as its owner sees it: gives out sequences and knows up to which one all are over (Raft dissertation 6.3). Guarded by its pool's lock.</summary>
/// <remarks>
/// A sequence is over when its call will never be sent again: answered, refused, given up or cancelled. What became of it in the group
/// plays no part, because the group never executes a sequence that was acknowledged before.
/// </remarks>
internal sealed class ClientSession(ulong id)
{
    /// <summary>How many sequences may be open above the acknowledged one; the group's own limit.</summary>
    public const int Window = 4096;

    private readonly ulong[] _over = new ulong[Window / 64];
    private ulong _last;
    private ulong _acknowledgedUpTo;

    /// <summary>Its id, the index of the entry that opened it.</summary>
    public ulong Id { get; } = id;

    /// <summary>Every sequence up to this one is over. May be read without the lock: it only grows.</summary>
    public ulong AcknowledgedUpTo => Volatile.Read(ref _acknowledgedUpTo);

    /// <summary>True when no further sequence may be given out: the group doesn't know the session, or its window is full there.</summary>
    public bool IsRetired { get; set; }

    /// <summary>True when no call uses it.</summary>
    public bool IsIdle => _acknowledgedUpTo == _last;

    /// <summary>The next sequence, where the window has room.</summary>
    public bool TryTake(out ulong sequence)
    {
        if (IsRetired || _last - _acknowledgedUpTo >= Window)
        {
            sequence = 0;
            return false;
        }

        sequence = ++_last;
        return true;
    }

    /// <summary>The sequence will never be sent again.</summary>
    public void Finish(ulong sequence)
    {
        _over[Word(sequence)] |= Bit(sequence);
        ulong acknowledged = _acknowledgedUpTo;
        while (acknowledged < _last && (_over[Word(acknowledged + 1)] & Bit(acknowledged + 1)) != 0)
        {
            acknowledged++;
            _over[Word(acknowledged)] &= ~Bit(acknowledged);
        }

        Volatile.Write(ref _acknowledgedUpTo, acknowledged);
    }

    private static int Word(ulong sequence) => (int)(sequence % Window / 64);

    private static ulong Bit(ulong sequence) => 1UL << (int)(sequence % 64);
}
