using ReplicatedState.Consensus;
using ReplicatedState.Timers;

namespace ReplicatedState.Runtime.Apply;

// Timers need no entries of their own: log time is all that decides when one is due, and every entry carries it. So a timer fires on every replica at the same place of the log, once,
// as every command does, whoever leads and whatever crashes.
public sealed partial class GroupMachine
{
    /// <summary>So many fire before one entry; what is left waits for the next one, so that a backlog doesn't hold up everything else.</summary>
    private const int FiredPerEntryMax = 256;

    /// <summary>Executes what is due by the entry's log time, before the entry. False where it halted the machine.</summary>
    private bool TryFireTimers(in Entry entry)
    {
        ulong lastId = _effects.Timers.LastId;
        for (int ordinal = 1; ordinal <= FiredPerEntryMax && _effects.Timers.TakeDue(entry.LogTimeMs, lastId) is { } call; ordinal++)
        {
            if (!TryFire(entry, ordinal, call))
                return false;
        }

        return true;
    }

    private bool TryFire(in Entry entry, int ordinal, ScheduledCall call)
    {
        var timer = new TimerId(call.Id);
        try
        {
            uint commandId = ReadCommandId(call.Command);
            if (!TryRun(entry, ordinal, timer, call.Caller, call.Command, out ReplyStatus status, out string? localMessage))
                return false;
            var reply = new ReplicatedReply(status, _reply.WrittenSpan);
            _hash.AppendTimer(entry, commandId, reply);
            _observer.OnTimerFired(entry.Index, timer, reply.ToNodeReply(entry.Index, entry.Term, localMessage));
            return true;
        }
        catch (InvalidCommandException exception)
        {
            return Halt(entry.Index, $"the command of timer {call.Id} can't be decoded, so what the other replicas made of it is not known; install the binary that set it, and restart", exception);
        }
    }
}
