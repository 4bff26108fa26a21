using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Reads;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Shards;

// Watches: a call that asks for events from a position on is answered as soon as there is one. Events are replicated and have the same positions everywhere, so any node will do.
internal sealed partial class GroupReplica
{
    /// <summary>How long a watch waits before it is told that nothing has happened; half of what its caller waits, where that is less.</summary>
    private const int WatchWaitMsMax = 10_000;

    private readonly PendingWatches _watches;
    private readonly List<NodeRequest> _takenWatches = [];

    /// <summary>Answers or refuses a watch for which there is something already. False where the shard must have a look. Any thread.</summary>
    public bool TryAnswerWatchAtOnce(NodeRequest call)
    {
        EventRequest watch;
        try
        {
            watch = EventRequest.Read(call.Payload.Memory);
        }
        catch (InvalidCommandException invalid)
        {
            _completions.Refuse(call, ReplyStatus.InvalidCommand, invalid.Message);
            return true;
        }

        if (FlawOf(watch.From) is { } flaw)
        {
            _completions.Refuse(call, ReplyStatus.InvalidConsistency, flaw);
            return true;
        }

        return !watch.From.IsNow && TryAnswerWatch(call, watch, evenWithNothing: false);
    }

    /// <summary>A watch was admitted for which there was nothing.</summary>
    private void TakeWatch(NodeRequest call, long nowMs)
    {
        EventRequest watch = EventRequest.Read(call.Payload.Memory);
        if (watch.From.IsNow)
            _reads.Add(call, ReadMode.Linearizable); // now is what a linearizable query would see
        else if (!TryAnswerWatch(call, watch, evenWithNothing: false))
            _watches.Add(call, watch.EventId, watch.From.Offset, nowMs + Math.Min(WatchWaitMsMax, (call.DeadlineMs - nowMs) / 2));
    }

    /// <summary>Answers the watches whose event has come. While the shard has the machine.</summary>
    private void AnswerWatches()
    {
        if (_machine.Machine is not { } machine || !_watches.HasNews(machine))
            return;
        _watches.TakeReady(machine, _takenWatches);
        foreach (NodeRequest call in _takenWatches)
            AnswerWatch(call);
        _takenWatches.Clear();
    }

    /// <summary>Whoever has waited long is told that there is nothing, but not before a leader has said that this node isn't cut off.</summary>
    private void AskForWatches(long nowMs)
    {
        _watches.TakeDue(nowMs, _takenWatches);
        foreach (NodeRequest call in _takenWatches)
            _reads.Add(call, ReadMode.Linearizable);
        _takenWatches.Clear();
    }

    /// <summary>Answers a watch with what there is, be it nothing. Any thread.</summary>
    private void AnswerWatch(NodeRequest call) => TryAnswerWatch(call, EventRequest.Read(call.Payload.Memory), evenWithNothing: true);

    private bool TryAnswerWatch(NodeRequest call, in EventRequest watch, bool evenWithNothing)
    {
        using FrameBuffer body = FrameBuffer.Rent();
        ReplyStatus status = _machine.ReadEvents(watch, body, out string? message, out EventPosition oldest, out ulong applied, out bool isEmpty);
        if (status == ReplyStatus.Ok && isEmpty && !evenWithNothing)
            return false;
        _completions.Complete(call, new NodeReply
        {
            Status = status,
            Body = body.Written.Span,
            Index = applied,
            Message = message,
            Code = status == ReplyStatus.TooFarBehind ? (oldest with { Group = Id.Value, Epoch = _node.Identity.Epoch }).ToString() : null,
        });
        return true;
    }

    private string? FlawOf(EventPosition position)
    {
        if (position.Group == 0)
            return null;
        if (position.Group != Id.Value)
            return $"The position {position} is one among the events of group {position.Group}, and the watch asks group {Id} ('{Description.Name}').";
        uint epoch = _node.Identity.Epoch;
        return position.Epoch == epoch
            ? null
            : $"The position {position} is of epoch {position.Epoch}, and this node's is {epoch}: the cluster was recovered by force, and events that were seen may be gone. Read the state anew, and watch from there.";
    }
}
