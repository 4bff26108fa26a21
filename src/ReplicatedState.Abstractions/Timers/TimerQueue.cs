namespace ReplicatedState.Timers;

/// <summary>The timers of one machine: replicated state, which snapshots and hashes include. What a command sets and cancels counts only if the command doesn't throw.</summary>
/// <remarks>Not safe for concurrent use. Equal calls leave equal queues on every replica.</remarks>
internal sealed partial class TimerQueue
{
    /// <summary>The most timers that may be set at a time. The same on every replica, so not an option.</summary>
    public const int CountMax = 65_536;

    /// <summary>The most bytes that their commands may have together.</summary>
    public const long BytesMax = 16 * 1024 * 1024;

    private readonly SortedSet<ScheduledCall> _byDue = new(ScheduledCall.ByDue);
    private readonly Dictionary<ulong, ScheduledCall> _byId = [];
    private readonly List<ScheduledCall> _set = [];
    private readonly HashSet<ulong> _cancelled = [];
    private ulong _lastId;
    private ulong _lastSetId;
    private long _bytes;
    private long _bytesSet;

    /// <summary>Timers that are set.</summary>
    public int Count => _byDue.Count;

    /// <summary>The timer that was set last; 0 before the first.</summary>
    public ulong LastId => _lastId;

    /// <summary>The log time in Unix milliseconds at which the next timer is due; <see cref="long.MaxValue"/> where none is set.</summary>
    public long NextDueMs { get; private set; } = long.MaxValue;

    /// <summary>Sets a timer for the command that runs.</summary>
    /// <exception cref="CommandRejectedException">There are too many already.</exception>
    public TimerId Set(long dueMs, string caller, ReadOnlyMemory<byte> command)
    {
        var call = new ScheduledCall(_lastSetId + 1, dueMs, caller, command);
        if (_byDue.Count + _set.Count - _cancelled.Count >= CountMax)
            throw new CommandRejectedException("too_many_timers", $"The machine has {CountMax} timers, and may not have more.");
        if (_bytes + _bytesSet + call.SizeBytes > BytesMax)
            throw new CommandRejectedException("too_many_timers", $"The commands of the machine's timers have {_bytes + _bytesSet} bytes, and may not have more than {BytesMax}.");
        _lastSetId++;
        _bytesSet += call.SizeBytes;
        _set.Add(call);
        return new TimerId(call.Id);
    }

    /// <summary>Cancels a timer for the command that runs; false where it has fired, was cancelled, or never was.</summary>
    public bool Cancel(TimerId timer)
    {
        if (timer.Value > _lastId)
        {
            int at = _set.FindIndex(call => call.Id == timer.Value);
            if (at < 0)
                return false;
            _bytesSet -= _set[at].SizeBytes;
            _set.RemoveAt(at);
            return true;
        }

        return _byId.ContainsKey(timer.Value) && _cancelled.Add(timer.Value);
    }

    /// <summary>The command has run: what it did to timers counts.</summary>
    public void Commit()
    {
        if (_lastId == _lastSetId && _cancelled.Count == 0)
            return;
        foreach (ulong id in _cancelled)
            Remove(_byId[id]);
        foreach (ScheduledCall call in _set)
            Add(call);
        _lastId = _lastSetId;
        Rollback();
        Look();
    }

    /// <summary>The command has thrown: it has neither set nor cancelled anything.</summary>
    public void Rollback()
    {
        _set.Clear();
        _cancelled.Clear();
        _lastSetId = _lastId;
        _bytesSet = 0;
    }

    /// <summary>Takes the next timer that is due, which is then no more.</summary>
    /// <inheritdoc cref="NextDue"/>
    public ScheduledCall? TakeDue(long nowMs, ulong idMax)
    {
        ScheduledCall? call = NextDue(nowMs, idMax);
        if (call is not null)
            Take(call);
        return call;
    }

    /// <summary>The next timer that is due.</summary>
    /// <param name="nowMs">The log time in Unix milliseconds.</param>
    /// <param name="idMax">Only timers up to this one: what a timer's own command sets waits for the next entry.</param>
    public ScheduledCall? NextDue(long nowMs, ulong idMax)
    {
        if (NextDueMs > nowMs)
            return null;
        foreach (ScheduledCall call in _byDue)
        {
            if (call.DueMs > nowMs)
                return null;
            if (call.Id <= idMax)
                return call;
        }

        return null;
    }

    /// <summary>Takes a timer of which it is known that it fired; null where it isn't set.</summary>
    public ScheduledCall? Take(TimerId timer)
    {
        if (_byId.TryGetValue(timer.Value, out ScheduledCall? call))
            Take(call);
        return call;
    }

    private void Take(ScheduledCall call)
    {
        Remove(call);
        Look();
    }

    private void Add(ScheduledCall call)
    {
        _byId.Add(call.Id, call);
        _byDue.Add(call);
        _bytes += call.SizeBytes;
    }

    private void Remove(ScheduledCall call)
    {
        _byId.Remove(call.Id);
        _byDue.Remove(call);
        _bytes -= call.SizeBytes;
    }

    private void Look() => NextDueMs = _byDue.Min?.DueMs ?? long.MaxValue;
}
