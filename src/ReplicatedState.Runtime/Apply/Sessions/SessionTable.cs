using System.Diagnostics.CodeAnalysis;

namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>The open sessions of a group, by id and by last use (Raft dissertation 6.3).</summary>
/// <remarks>
/// All sessions have the same time to live and log time never goes back, so the order of last use is the order of deadlines: expiry looks at the oldest only.
/// </remarks>
internal sealed class SessionTable(ReplyStore replies)
{
    private readonly Dictionary<ulong, Session> _byId = [];
    private Session? _oldest;
    private Session? _newest;

    public int Count => _byId.Count;

    /// <summary>The session that was used longest ago.</summary>
    public Session? Oldest => _oldest;

    public bool TryGet(ulong id, [NotNullWhen(true)] out Session? session) => _byId.TryGetValue(id, out session);

    /// <summary>Opens a session, used now.</summary>
    public Session Open(ulong id, long nowMs)
    {
        var session = new Session(id, replies) { LastUsedMs = nowMs };
        _byId.Add(id, session);
        Append(session);
        return session;
    }

    /// <summary>Notes that a session was used now.</summary>
    public void Touch(Session session, long nowMs)
    {
        session.LastUsedMs = nowMs;
        if (session == _newest)
            return;
        Unlink(session);
        Append(session);
    }

    /// <summary>Forgets a session with all it kept; returns how many bytes that were.</summary>
    public long Remove(Session session)
    {
        _byId.Remove(session.Id);
        Unlink(session);
        return session.Clear();
    }

    private void Append(Session session)
    {
        session.Older = _newest;
        session.Newer = null;
        if (_newest is null)
            _oldest = session;
        else
            _newest.Newer = session;
        _newest = session;
    }

    private void Unlink(Session session)
    {
        if (session.Older is null)
            _oldest = session.Newer;
        else
            session.Older.Newer = session.Newer;
        if (session.Newer is null)
            _newest = session.Older;
        else
            session.Newer.Older = session.Older;
        session.Older = session.Newer = null;
    }
}
