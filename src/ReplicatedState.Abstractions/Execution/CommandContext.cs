namespace ReplicatedState;

/// <summary>What a command may know beyond its arguments. Everything here is equal on every replica.</summary>
/// <remarks>Valid during the call only; the runtime reuses the object for the next command.</remarks>
public sealed class CommandContext
{
    /// <summary>The ordinal of a batch's first command; the others count from there, and timers never come so far.</summary>
    internal const int BatchOrdinal = 1 << 30;

    private static readonly TimeSpan AfterMax = TimeSpan.FromDays(36_525);
    private readonly DeterministicRandom _random = new();
    private bool _seeded;
    private int _ordinal;
    private UInt128 _seed;

    /// <summary>The log's time, stamped by the leader from the median of the voters' clocks; never goes back.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The index of the command's entry in the log.</summary>
    public ulong Index { get; private set; }

    /// <summary>The term of the command's entry.</summary>
    public ulong Term { get; private set; }

    /// <summary>The machine version in effect at this index.</summary>
    public int MachineVersion { get; private set; }

    /// <summary>Who sent the command, as the admitting node knew it; "anonymous" without authentication. Where a timer fired: who sent the command that had set it.</summary>
    public string Caller { get; private set; } = "anonymous";

    /// <summary>The timer that fired, where one did; null where a client sent the command. A command that only timers may execute refuses the latter.</summary>
    public TimerId? Timer { get; private set; }

    /// <summary>Random numbers, equal on every replica. Not for secrets: whoever can read the group's state can predict them.</summary>
    public Random Random
    {
        get
        {
            SeedOnce();
            return _random;
        }
    }

    /// <summary>A version 4 GUID, equal on every replica and different for every call.</summary>
    public Guid NewGuid()
    {
        SeedOnce();
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>
    /// Has a command executed later: once, in log time, whoever leads then and whatever crashes until then. It runs before the first entry of the log whose time is at least
    /// <see cref="Now"/> + <paramref name="after"/>; where nothing else comes along the leader appends one. So it is late by a heartbeat's time and a commit, more while there is no leader, and never early.
    /// </summary>
    /// <param name="after">From <see cref="Now"/> on, rounded up to milliseconds; zero is before the next entry. At most 100 years.</param>
    /// <param name="command">From the generated class <c>{Machine}Commands</c>. Its result is dropped; what it throws goes to the log.</param>
    /// <returns>The timer, for <see cref="Cancel"/>.</returns>
    /// <remarks>Timers that are due together fire in the order of their due time, and where that is equal in the order in which they were set. A command that throws leaves no timer.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is negative or too long.</exception>
    /// <exception cref="ArgumentException"><paramref name="command"/> is the default value, or another machine's.</exception>
    /// <exception cref="CommandRejectedException">The machine has 65 536 timers, or 16 MiB of commands in them (<c>too_many_timers</c>).</exception>
    /// <exception cref="InvalidOperationException">The command came with a later machine version than is in effect, or the call isn't made from within a command.</exception>
    public TimerId Schedule(TimeSpan after, MachineCommand command)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(after, AfterMax);
        if (command.Bytes.IsEmpty)
            throw new ArgumentException("There is no command to schedule; the generated class of the machine's commands makes one.", nameof(command));
        CommandEffects effects = RunningEffects;
        if (command.Machine != effects.MachineName)
            throw new ArgumentException($"The command '{command.Name}' is one of the machine '{command.Machine}', and this is '{effects.MachineName}'.", nameof(command));
        if (command.Since > MachineVersion)
            throw new InvalidOperationException($"The command '{command.Name}' came with machine version {command.Since}, and version {MachineVersion} is in effect.");
        long afterMs = (after.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return effects.Timers.Set(Now.ToUnixTimeMilliseconds() + afterMs, Caller, command.Bytes);
    }

    /// <summary>
    /// Tells everybody who watches that something has happened: the generated client's <c>Watch{Event}Async</c> hands it out, in the order of the log, once. A command that throws emits nothing.
    /// </summary>
    /// <param name="value">The event, of a type that the machine declares with <see cref="EmitsAttribute{TEvent}"/>.</param>
    /// <remarks>
    /// Events are replicated state: they survive crashes and come the same from every replica. A machine keeps the last 65 536 of them, or the last 16 MiB. An event that a later machine version
    /// introduced than is in effect isn't emitted.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    /// <exception cref="CommandRejectedException">The command has emitted more than 4 096 events, or 1 MiB (<c>too_many_events</c>).</exception>
    /// <exception cref="InvalidOperationException">The machine declares no event of the type, or the call isn't made from within a command.</exception>
    public void Emit<TEvent>(TEvent value)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(value);
        CommandEffects effects = RunningEffects;
        effects.Events.Emit(effects.Machine, MachineVersion, value);
    }

    /// <summary>Cancels a timer. A command that throws cancels none.</summary>
    /// <returns>False where it has fired, was cancelled before, or never was.</returns>
    /// <exception cref="InvalidOperationException">The call isn't made from within a command.</exception>
    public bool Cancel(TimerId timer) => RunningEffects.Timers.Cancel(timer);

    /// <summary>What the commands that run under this context leave behind.</summary>
    internal CommandEffects? Effects { get; set; }

    private CommandEffects RunningEffects =>
        Effects ?? throw new InvalidOperationException("Timers are set and cancelled, and events emitted, by commands that a runtime executes.");

    /// <summary>Prepares the context for one command. <paramref name="ordinal"/> tells the commands of one entry apart: 0 is its own, timers that fire before it count from 1, the commands of a batch from <see cref="BatchOrdinal"/>.</summary>
    internal void Begin(UInt128 groupSecret, ulong index, ulong term, int ordinal, long logTimeMs, int machineVersion, string caller, TimerId? timer = null)
    {
        Now = DateTimeOffset.FromUnixTimeMilliseconds(logTimeMs);
        Index = index;
        Term = term;
        MachineVersion = machineVersion;
        Caller = caller;
        Timer = timer;
        _ordinal = ordinal;
        _seed = groupSecret ^ new UInt128(index, (ulong)ordinal);
        _seeded = false;
    }

    /// <summary>Whether what runs is only tried: nothing of it will count.</summary>
    internal bool IsTrial { get; set; }

    /// <summary>All that the context tells a command, for whoever wants to execute the same command again.</summary>
    internal CommandStamp Stamp => new(_seed, Index, Term, Now, MachineVersion, Caller, _ordinal, Timer);

    /// <summary>Prepares the context for a command that was executed before, under this stamp.</summary>
    internal void Begin(in CommandStamp stamp)
    {
        (_seed, Index, Term, Now, MachineVersion, Caller, _ordinal, Timer) = stamp;
        _seeded = false;
    }

    private void SeedOnce()
    {
        if (_seeded)
            return;
        _random.Reseed(_seed);
        _seeded = true;
    }
}
