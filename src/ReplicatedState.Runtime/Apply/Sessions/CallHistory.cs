using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>What a group remembers of its clients' calls, so that each is executed at most once however often its entry is in the log (Raft dissertation 6.3).</summary>
/// <remarks>Deterministic: everything follows from the entries and their log time. Part of the snapshot and of the state hash. One thread at a time.</remarks>
internal sealed partial class CallHistory
{
    /// <summary>What is left of a reply that is not kept.</summary>
    private static readonly KeptReply Unavailable = new(ReplyStatus.ReplyUnavailable, default);

    private readonly ReplyStore _replies = new();
    private readonly SessionTable _sessions;
    private readonly IdempotencyTable _keys;
    private long _keptBytes;
    private long _nowMs;

    /// <summary>No deadline lies before this. Raised by the first entry of each term, so that nothing expires for the time in which nobody led.</summary>
    private long _deadlineFloorMs;

    public CallHistory(SessionLimits limits, UInt128 groupSecret)
    {
        limits.Validate();
        Limits = limits;
        _sessions = new SessionTable(_replies);
        _keys = new IdempotencyTable(_replies, (long)(ulong)groupSecret);
    }

    public SessionLimits Limits { get; }

    public int SessionCount => _sessions.Count;

    public int KeyCount => _keys.Count;

    /// <summary>Bytes of all replies and keys that are kept.</summary>
    public long KeptBytes => _keptBytes;

    /// <summary>The log time at which <see cref="Advance"/> will next forget something; <see cref="long.MaxValue"/> where there is nothing to forget.</summary>
    public long NextExpiryMs
    {
        get
        {
            long session = _sessions.Oldest is { } oldest ? oldest.LastUsedMs + Limits.TtlMs : long.MaxValue;
            long key = _keys.Count > 0 ? _keys.Oldest.FirstUsedMs + Limits.TtlMs : long.MaxValue;
            return Math.Max(Math.Min(session, key), _deadlineFloorMs);
        }
    }

    /// <summary>Takes in an entry's log time: forgets what has not been used for its time to live.</summary>
    public void Advance(long logTimeMs, bool firstOfTerm)
    {
        _nowMs = logTimeMs;
        if (firstOfTerm)
            _deadlineFloorMs = logTimeMs + Limits.TtlMs;
        if (logTimeMs < _deadlineFloorMs)
            return;
        while (_sessions.Oldest is { } session && IsExpired(session.LastUsedMs))
            _keptBytes -= _sessions.Remove(session);
        while (_keys.Count > 0 && IsExpired(_keys.Oldest.FirstUsedMs))
            _keptBytes -= _keys.RemoveOldest();
    }

    /// <summary>Opens a session; false where there are too many.</summary>
    public bool TryOpen(ulong id)
    {
        if (_sessions.Count >= Limits.SessionsMax)
            return false;
        _sessions.Open(id, _nowMs);
        return true;
    }

    /// <summary>Closes a session. Closing what isn't open does nothing: a retry may come late.</summary>
    public void Close(ulong id)
    {
        if (_sessions.TryGet(id, out Session? session))
            _keptBytes -= _sessions.Remove(session);
    }

    /// <summary>Decides on a command. <paramref name="answer"/> is set for <see cref="CallDecision.Answer"/> and valid until the history changes.</summary>
    public CallDecision Decide(scoped in CommandEnvelope call, out ReplicatedReply answer)
    {
        answer = default;
        if (call.Session != 0)
            return DecideInSession(call, out answer);
        return call.IdempotencyKey.IsEmpty ? CallDecision.Execute : DecideByKey(call, out answer);
    }

    /// <summary>Remembers the reply of a command that <see cref="Decide"/> said to execute.</summary>
    public void Remember(scoped in CommandEnvelope call, ReplicatedReply reply)
    {
        if (call.Session != 0)
        {
            Invariant.Holds(_sessions.TryGet(call.Session, out Session? session), "a command that was executed in a session leaves the session open");
            session.Add(call.Sequence, IsKept(reply) ? new KeptReply(reply.Status, Keep(default, reply.Bytes)) : Unavailable);
        }
        else if (!call.IdempotencyKey.IsEmpty)
        {
            bool kept = IsKept(reply);
            StoredBytes stored = Keep(call.IdempotencyKey, kept ? reply.Bytes : default);
            _keys.Add(new KeyedReply(_nowMs, kept ? reply.Status : ReplyStatus.ReplyUnavailable, call.IdempotencyKey.Length, stored));
        }
    }

    /// <summary>
    /// Whether a session's window is full for a sequence, as of what was applied: the leader then refuses it before proposing. Only a hint: apply decides.
    /// </summary>
    public bool IsWindowFull(ulong sessionId, ulong sequence, ulong acknowledgedUpTo)
    {
        if (!_sessions.TryGet(sessionId, out Session? session))
            return false;
        ulong acknowledged = Math.Max(acknowledgedUpTo, session.AcknowledgedUpTo);
        return sequence > acknowledged
            && (sequence - acknowledged > (ulong)Limits.WindowMax
                || (acknowledged == session.AcknowledgedUpTo && session.KeptBytes >= Limits.SessionReplyBytesMax && !session.TryGet(sequence, out _)));
    }

    private CallDecision DecideInSession(scoped in CommandEnvelope call, out ReplicatedReply answer)
    {
        if (!_sessions.TryGet(call.Session, out Session? session))
            return Refuse(ReplyStatus.SessionExpired, out answer);
        _sessions.Touch(session, _nowMs);
        _keptBytes -= session.Acknowledge(call.AcknowledgedUpTo);
        if (call.Sequence <= session.AcknowledgedUpTo)
            return Refuse(ReplyStatus.AlreadyAcknowledged, out answer);
        if (call.Sequence - session.AcknowledgedUpTo > (ulong)Limits.WindowMax)
            return Refuse(ReplyStatus.WindowExceeded, out answer);
        if (session.TryGet(call.Sequence, out KeptReply kept))
        {
            answer = new ReplicatedReply(kept.Status, _replies.Get(kept.Bytes));
            return CallDecision.Answer;
        }

        if (session.KeptBytes >= Limits.SessionReplyBytesMax)
            return Refuse(ReplyStatus.WindowExceeded, out answer);
        answer = default;
        return CallDecision.Execute;
    }

    private CallDecision DecideByKey(scoped in CommandEnvelope call, out ReplicatedReply answer)
    {
        if (_keys.TryGet(call.IdempotencyKey, out KeyedReply keyed))
        {
            answer = new ReplicatedReply(keyed.Status, _keys.ReplyOf(keyed));
            return CallDecision.Answer;
        }

        if (_keys.Count >= Limits.IdempotencyKeysMax)
            return Refuse(ReplyStatus.Overloaded, out answer);
        answer = default;
        return CallDecision.Execute;
    }

    private static CallDecision Refuse(ReplyStatus status, out ReplicatedReply answer)
    {
        answer = new ReplicatedReply(status, default);
        return CallDecision.Answer;
    }

    /// <summary>For what is older than the floor's grace; see <see cref="Advance"/>.</summary>
    private bool IsExpired(long lastUsedMs) => lastUsedMs + Limits.TtlMs <= _nowMs;

    /// <summary>Decided by lengths alone, never by how the store lays replies out, so that every replica decides the same.</summary>
    private bool IsKept(ReplicatedReply reply) =>
        reply.Bytes.Length <= Limits.ReplyBytesMax && _keptBytes + reply.Bytes.Length <= Limits.TotalReplyBytesMax;

    private StoredBytes Keep(ReadOnlySpan<byte> key, ReadOnlySpan<byte> reply)
    {
        StoredBytes stored = _replies.Add(key, reply);
        _keptBytes += stored.Length;
        return stored;
    }
}
