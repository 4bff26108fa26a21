using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Pages;
using ReplicatedState.Events;
using ReplicatedState.Runtime.Apply;

namespace ReplicatedState.Runtime.Shards;

/// <summary>The place of a group's machine on this node, and whose it is at the moment: the shard's, or lent to the group's apply worker.</summary>
/// <remarks>
/// Owned by the shard but for <see cref="Query"/>. While the machine is lent the shard knows of it what it last saw, and touches nothing. A group whose machine
/// this binary lacks is stored and voted for all the same; it applies nothing and says why.
/// </remarks>
internal sealed class GroupMachineSlot
{
    private GatedMachine? _current;
    private string? _missing;
    private string? _distrust;
    private bool _isFrozen;
    private int _distrusts;
    private MachinePosition _seen;

    /// <summary>True while the apply worker has the machine.</summary>
    public bool IsLent { get; private set; }

    /// <summary>False where the binary lacks the machine, and until its snapshot has been read.</summary>
    public bool IsFilled => _current is not null;

    /// <summary>The machine; null where there is none, and while it is lent.</summary>
    public GroupMachine? Machine => IsLent ? null : _current?.Machine;

    /// <summary>The lock of the machine that the shard has at the moment.</summary>
    public Lock Gate => Owned.Gate;

    /// <summary>The last applied index, as far as the shard knows.</summary>
    public ulong Applied => Machine?.AppliedIndex ?? _seen.Applied;

    /// <summary>Why nothing is answered; null while all is well.</summary>
    public string? HaltReason => _distrust ?? OwnHaltReason;

    /// <summary>True where nothing more is applied.</summary>
    public bool IsStopped => _isFrozen || OwnHaltReason is not null;

    private string? OwnHaltReason => _missing ?? (Machine is { } machine ? machine.HaltReason : _seen.HaltReason);

    /// <summary>How far the machine has come, as far as the shard knows.</summary>
    public MachinePosition Position => Machine is { } machine ? MachinePosition.Of(machine) : _seen;

    private GatedMachine Owned
    {
        get
        {
            Invariant.Holds(!IsLent && _current is not null, "only the owner touches a machine");
            return _current!;
        }
    }

    /// <summary>Puts the first machine in, or another in the place of one that a snapshot made obsolete.</summary>
    public void Fill(GroupMachine machine)
    {
        Invariant.Holds(!IsLent, "a machine is not replaced while it is lent");
        Volatile.Write(ref _current, new GatedMachine(machine));
    }

    /// <summary>Says that there is none, and never will be.</summary>
    public void Miss(string why, ulong applied)
    {
        _missing = why;
        _seen = _seen with { Applied = applied };
    }

    /// <summary>There still is none, and a snapshot was put in the place of the log that it would have applied.</summary>
    public void Skip(ulong applied) => _seen = _seen with { Applied = applied };

    /// <summary>Lets the machine answer nothing, because its state may be wrong; null to trust it again.</summary>
    /// <param name="why">What callers are told.</param>
    /// <param name="freeze">It applies nothing either.</param>
    public void Distrust(string? why, bool freeze)
    {
        if (why is not null)
            Interlocked.Increment(ref _distrusts);
        Volatile.Write(ref _distrust, why);
        _isFrozen = freeze;
    }

    /// <summary>Gives the machine away until <see cref="TakeBack"/>.</summary>
    public GatedMachine Lend()
    {
        GatedMachine lent = Owned;
        _seen = MachinePosition.Of(lent.Machine);
        IsLent = true;
        return lent;
    }

    /// <summary>The worker is done with it.</summary>
    public void TakeBack()
    {
        Invariant.Holds(IsLent, "only what was lent comes back");
        IsLent = false;
    }

    /// <summary>Applies the next entry; false where the machine is halted. Under <see cref="Gate"/>.</summary>
    public bool Apply(in Entry entry) => Owned.Machine.Apply(entry);

    /// <summary>True where the machine is there and has applied so much, so that a query sees it. Any thread.</summary>
    public bool HasApplied(ulong index)
    {
        if (index == 0)
            return true;
        if (Volatile.Read(ref _current) is not { } current)
            return false;
        lock (current.Gate)
            return current.Machine.AppliedIndex >= index;
    }

    /// <summary>Answers a query from the state as it is. Any thread.</summary>
    public ReplyStatus Query(in ReadOnlySequence<byte> query, IBufferWriter<byte> body, out string? code, out string? message, out ulong applied)
    {
        if (Volatile.Read(ref _current) is { } current)
        {
            lock (current.Gate)
            {
                // Under the lock, so that nothing is answered any more once the state is known to be wrong and whoever held the lock is done.
                if (Volatile.Read(ref _distrust) is { } distrust)
                    return Refuse(distrust, out code, out message, out applied);
                applied = current.Machine.AppliedIndex;
                return current.Machine.Query(query, body, out code, out message);
            }
        }

        return RefuseUnfilled(out code, out message, out applied);
    }

    /// <summary>Answers a query that gives a sequence from the state as it is. Any thread.</summary>
    /// <param name="query">The query.</param>
    /// <param name="pages">Gets the items.</param>
    /// <param name="code">As of <see cref="Query"/>.</param>
    /// <param name="message">As of <see cref="Query"/>.</param>
    /// <param name="applied">As of <see cref="Query"/>.</param>
    /// <param name="distrusts">For <see cref="FlawSince"/>, as long as the result is used.</param>
    public ReplyStatus QueryPages(in ReadOnlySequence<byte> query, PageWriter pages, out string? code, out string? message, out ulong applied, out int distrusts)
    {
        distrusts = 0;
        if (Volatile.Read(ref _current) is not { } current)
            return RefuseUnfilled(out code, out message, out applied);
        lock (current.Gate)
        {
            distrusts = Volatile.Read(ref _distrusts);
            if (Volatile.Read(ref _distrust) is { } distrust)
                return Refuse(distrust, out code, out message, out applied);
            applied = current.Machine.AppliedIndex;
            return current.Machine.QueryPages(query, pages, out code, out message);
        }
    }

    /// <summary>Why a result can't be trusted that was taken from the state; null while it can. Any thread.</summary>
    public string? FlawSince(int distrusts) => Volatile.Read(ref _distrusts) == distrusts
        ? null
        : Volatile.Read(ref _distrust) ?? "The state that the result was taken from was found wrong, and has been replaced. Ask the query again.";

    private ReplyStatus RefuseUnfilled(out string? code, out string? message, out ulong applied)
    {
        code = null;
        applied = _seen.Applied;
        message = _missing ?? "The group is being read from its snapshot.";
        return _missing is null ? ReplyStatus.NoLeader : ReplyStatus.MachineHalted;
    }

    /// <summary>Writes a page of what has been emitted, where all of that is kept. Any thread.</summary>
    /// <param name="watch">Which events, from where on; from Now on there are none.</param>
    /// <param name="body">Gets the page.</param>
    /// <param name="message">Anything but Ok: a sentence for a human.</param>
    /// <param name="oldest">TooFarBehind: the first place from which on all events are kept.</param>
    /// <param name="applied">The index that the machine has applied.</param>
    /// <param name="isEmpty">Whether there is no such event.</param>
    public ReplyStatus ReadEvents(in EventRequest watch, IBufferWriter<byte> body, out string? message, out EventPosition oldest, out ulong applied, out bool isEmpty)
    {
        message = null;
        oldest = default;
        isEmpty = true;
        if (Volatile.Read(ref _current) is not { } current)
        {
            applied = _seen.Applied;
            message = _missing ?? "The group is being read from its snapshot.";
            return _missing is null ? ReplyStatus.NoLeader : ReplyStatus.MachineHalted;
        }

        lock (current.Gate)
        {
            GroupMachine machine = current.Machine;
            applied = machine.AppliedIndex;
            if ((Volatile.Read(ref _distrust) ?? machine.HaltReason) is { } reason)
            {
                message = reason;
                return ReplyStatus.MachineHalted;
            }

            EventOffset from = watch.From.IsNow ? new EventOffset(applied + 1, 0) : watch.From.Offset;
            if (from < machine.EventsFloor)
            {
                oldest = new EventPosition(0, 0, machine.EventsFloor);
                message = $"The machine keeps its events from {oldest.Index}.{oldest.Ordinal} on, and the watch asks for those from {from.Index}.{from.Ordinal} on. Read the state anew, and watch from there.";
                return ReplyStatus.TooFarBehind;
            }

            isEmpty = !machine.TryFindEvent(watch.EventId, ref from);
            machine.WriteEvents(watch.EventId, from, body);
            return ReplyStatus.Ok;
        }
    }

    private static ReplyStatus Refuse(string why, out string? code, out string? message, out ulong applied)
    {
        code = null;
        message = why;
        applied = 0;
        return ReplyStatus.MachineHalted;
    }
}
