namespace ReplicatedState.Client.Sessions;

/// <summary>How much of its group's history the calls of one session have seen. Safe for concurrent use.</summary>
internal sealed class SeenHistory(SessionToken token)
{
    private readonly Lock _gate = new();
    private SessionToken _token = token;

    /// <summary>What has been seen.</summary>
    public SessionToken Token
    {
        get
        {
            lock (_gate)
                return _token;
        }
    }

    /// <summary>A call ended with its result. Answers come in any order; what has been seen never gets less, unless the cluster was recovered from an older state.</summary>
    public void Note(in EndpointReply reply)
    {
        lock (_gate)
        {
            if (reply.Epoch > _token.Epoch || (reply.Epoch == _token.Epoch && reply.Index > _token.Index))
                _token = new SessionToken(reply.Group, reply.Epoch, reply.Index);
        }
    }

    /// <summary>The group doesn't know what was seen: it can't be waited for, so the caller has been told, and the session begins anew.</summary>
    public void Forget(SessionToken refused)
    {
        lock (_gate)
        {
            if (_token == refused)
                _token = default;
        }
    }
}
