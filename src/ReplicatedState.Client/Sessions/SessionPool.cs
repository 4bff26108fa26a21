using ReplicatedState.Client.Wire;

namespace ReplicatedState.Client.Sessions;

/// <summary>The sessions that a client has with one machine's group: usually one, opened by the first command; more while their windows are full.</summary>
/// <param name="open">Opens a session with the group and returns its id.</param>
internal sealed class SessionPool(Func<Task<ulong>> open)
{
    private const int SessionsMax = 64;
    private readonly Lock _gate = new();
    private readonly List<ClientSession> _sessions = [];
    private Task? _opening;

    /// <summary>A slot, where a session has room.</summary>
    public bool TryTake(out SessionSlot slot)
    {
        lock (_gate)
        {
            foreach (ClientSession session in _sessions)
            {
                if (!session.TryTake(out ulong sequence))
                    continue;
                slot = new SessionSlot(session, sequence);
                return true;
            }
        }

        slot = default;
        return false;
    }

    /// <summary>A slot, opening a session where none has room. Concurrent callers share one opening.</summary>
    /// <exception cref="ConsensusException">No session could be opened: the command was not executed.</exception>
    public async ValueTask<SessionSlot> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out SessionSlot slot))
                return slot;
            await Opening().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The call that held the slot is over.</summary>
    public void Return(SessionSlot slot)
    {
        if (slot.Session is not { } session)
            return;
        lock (_gate)
        {
            session.Finish(slot.Sequence);
            if (session.IsRetired && session.IsIdle)
                _sessions.Remove(session);
        }
    }

    /// <summary>The group refused a first attempt for the session's sake: no further call uses it.</summary>
    public void Retire(ClientSession session)
    {
        lock (_gate)
            session.IsRetired = true;
    }

    /// <summary>The ids of all sessions, to be closed.</summary>
    public ulong[] TakeAll()
    {
        lock (_gate)
        {
            ulong[] ids = [.. _sessions.Select(session => session.Id)];
            foreach (ClientSession session in _sessions)
                session.IsRetired = true;
            return ids;
        }
    }

    private Task Opening()
    {
        lock (_gate)
        {
            if (_opening is { IsCompleted: false })
                return _opening;
            if (_sessions.Count >= SessionsMax)
                throw new OverloadedException($"The client has {SessionsMax} sessions, each with {ClientSession.Window} unanswered commands.");

            // Nobody's cancellation ends it and nobody's ambient data flows into it: it is everybody's.
            using (DetachedFlow.Enter())
                return _opening = OpenAsync();
        }
    }

    private async Task OpenAsync()
    {
        ulong id = await open().ConfigureAwait(false);
        lock (_gate)
            _sessions.Add(new ClientSession(id));
    }
}
