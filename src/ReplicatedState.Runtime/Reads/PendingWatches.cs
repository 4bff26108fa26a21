using ReplicatedState.Events;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Reads;

/// <summary>A group's watches that wait for an event. Owned by the shard.</summary>
/// <remarks>
/// No watch waits for long: what has not come by then is answered with an empty page, after the leader has been asked as for a query. So a node that is cut off keeps nobody waiting for events that others
/// have long since seen.
/// </remarks>
internal sealed class PendingWatches(Completions completions)
{
    private readonly List<PendingWatch> _waiting = [];
    private EventOffset _seen;

    /// <summary>Watches that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Whether there are events that no watch has been compared with.</summary>
    public bool HasNews(GroupMachine machine) => _waiting.Count > 0 && machine.EventsEnd != _seen;

    /// <summary>Takes a watch in for which there is nothing yet.</summary>
    /// <param name="call">The call.</param>
    /// <param name="eventId">Which of the machine's events.</param>
    /// <param name="from">From where on.</param>
    /// <param name="untilMs">How long it waits.</param>
    public void Add(NodeRequest call, uint eventId, EventOffset from, long untilMs)
    {
        if (_waiting.Count == 0)
            _seen = default;
        _waiting.Add(new PendingWatch(call, eventId, from, untilMs));
    }

    /// <summary>Takes out those whose event has come, or is no longer kept.</summary>
    public void TakeReady(GroupMachine machine, List<NodeRequest> into)
    {
        _seen = machine.EventsEnd;
        int kept = 0;
        for (int i = 0; i < _waiting.Count; i++)
        {
            PendingWatch watch = _waiting[i];
            EventOffset from = watch.From;
            if (from < machine.EventsFloor || machine.TryFindEvent(watch.EventId, ref from))
                into.Add(watch.Call);
            else
                _waiting[kept++] = watch with { From = from };
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
    }

    /// <summary>Takes out those that have waited long enough.</summary>
    public void TakeDue(long nowMs, List<NodeRequest> into)
    {
        int kept = 0;
        for (int i = 0; i < _waiting.Count; i++)
        {
            if (_waiting[i].UntilMs <= nowMs)
                into.Add(_waiting[i].Call);
            else
                _waiting[kept++] = _waiting[i];
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
    }

    /// <summary>Ends all watches.</summary>
    public void Abandon(ReplyStatus status, string why)
    {
        foreach (PendingWatch watch in _waiting)
            completions.Refuse(watch.Call, status, why);
        _waiting.Clear();
    }

    private readonly record struct PendingWatch(NodeRequest Call, uint EventId, EventOffset From, long UntilMs);
}
