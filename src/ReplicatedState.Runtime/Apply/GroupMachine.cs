using System.Buffers;
using System.Globalization;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Pages;
using ReplicatedState.Runtime.Apply.Sessions;
using ReplicatedState.Runtime.Options;

namespace ReplicatedState.Runtime.Apply;

/// <summary>
/// One replica of a group above its log: the user's machine, the client sessions, log time and the apply hash. Deterministic: equal entries leave
/// equal states, replies and hashes on every replica. No I/O and no clock.
/// </summary>
/// <remarks>
/// One thread at a time, queries included. The thread that applies runs with <see cref="CultureInfo.InvariantCulture"/>; queries may come on any. A machine that can't be sure of an entry
/// halts before it and applies nothing more, rather than guess what the other replicas made of it.
/// </remarks>
public sealed partial class GroupMachine
{
    /// <summary>A reply buffer that grew beyond this is given back.</summary>
    private const int BufferKeptMax = 1024 * 1024;

    private readonly GroupId _group;
    private readonly StateMachineDefinition _definition;
    private readonly UInt128 _secret;
    private readonly IApplyObserver _observer;
    private readonly CommandContext _context = new();
    private readonly CallerNames _callers = new();
    private readonly ApplyHashChain _hash = new();
    private CallHistory _history;
    private CommandEffects _effects;
    private ArrayBufferWriter<byte> _reply = new();
    private ArrayBufferWriter<byte> _answer = new();

    /// <summary>A group's machine in its initial state, before entry 1.</summary>
    /// <exception cref="ArgumentException">The genesis has a limit out of range.</exception>
    public GroupMachine(GroupId group, StateMachineDefinition definition, GroupGenesis genesis, IApplyObserver observer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(genesis.MachineVersion, 1);
        _group = group;
        _definition = definition;
        _secret = genesis.Secret;
        _observer = observer;
        _history = new CallHistory(genesis.Limits, genesis.Secret);
        MachineVersion = genesis.MachineVersion;
        _effects = _context.Effects = new CommandEffects(definition.Manifest.Name, definition.Create());
        if (MachineVersion > definition.Manifest.Version)
            Halt(1, VersionMissing(MachineVersion));
    }

    /// <summary>The user's machine. Replaced by <see cref="ReadSnapshot(in ReadOnlySequence{byte})"/>: don't keep it.</summary>
    public IStateMachine Machine => _effects.Machine;

    /// <summary>The last entry that was applied; 0 before the first.</summary>
    public ulong AppliedIndex { get; private set; }

    /// <summary>That entry's term.</summary>
    public ulong AppliedTerm { get; private set; }

    /// <summary>That entry's log time in Unix milliseconds.</summary>
    public long LogTimeMs { get; private set; }

    /// <summary>The chained hash of all that was applied: equal on all replicas with equal <see cref="AppliedIndex"/>.</summary>
    public UInt128 ApplyHash => _hash.Value;

    /// <summary>The chained hash at indexes that lie behind, to be compared with other replicas'.</summary>
    internal CheckpointRing Checkpoints { get; } = new();

    /// <summary>The machine version in effect.</summary>
    public int MachineVersion { get; private set; }

    /// <summary>A bug planted on purpose.</summary>
    internal NodeMutant Mutant { get; init; }

    /// <summary>Why nothing more is applied, as a sentence with the way out; null while all is well.</summary>
    public string? HaltReason { get; private set; }

    /// <summary>Open client sessions.</summary>
    public int SessionCount => _history.SessionCount;

    /// <summary>Idempotency keys that are remembered.</summary>
    public int IdempotencyKeyCount => _history.KeyCount;

    /// <summary>Bytes of replies and keys that are kept for retries.</summary>
    public long KeptReplyBytes => _history.KeptBytes;

    /// <summary>The log time from which on a session or an idempotency key is forgotten by the next entry, whatever it is; <see cref="long.MaxValue"/> where there is none.</summary>
    public long NextExpiryMs => _history.NextExpiryMs;

    /// <summary>Timers that are set.</summary>
    public int TimerCount => _effects.Timers.Count;

    /// <summary>The log time in Unix milliseconds from which on the next entry, whatever it is, makes a timer fire; <see cref="long.MaxValue"/> where there is none.</summary>
    public long NextTimerMs => _effects.Timers.NextDueMs;

    /// <summary>
    /// Whether a command of a session would be refused with <see cref="ReplyStatus.WindowExceeded"/> as things stand: a leader then refuses it before proposing. Only
    /// a hint; what counts is decided when the entry is applied.
    /// </summary>
    public bool IsWindowFull(ulong session, ulong sequence, ulong acknowledgedUpTo) => _history.IsWindowFull(session, sequence, acknowledgedUpTo);

    /// <summary>Applies the next entry and reports it to the observer.</summary>
    /// <returns>False where the machine is halted, be it by this entry: the entry was not applied.</returns>
    /// <exception cref="InvariantViolationException">The entry isn't the next one, log time goes back, or the thread has a culture.</exception>
    public bool Apply(in Entry entry)
    {
        if (HaltReason is not null)
            return false;
        Invariant.Holds(ReferenceEquals(CultureInfo.CurrentCulture, CultureInfo.InvariantCulture), "commands run with the invariant culture");
        Invariant.Holds(entry.Index == AppliedIndex + 1, "entries are applied in order, without a gap, once");
        Invariant.Holds(entry.Term >= AppliedTerm, "terms never go back along a log");
        Invariant.Holds(entry.LogTimeMs >= LogTimeMs, "log time never goes back");

        UInt128 hashBefore = _hash.Value;
        _history.Advance(entry.LogTimeMs, firstOfTerm: entry.Term > AppliedTerm);
        if (!TryFireTimers(entry) || !TryExecute(entry, out ReplicatedReply reply, out uint commandId, out string? localMessage))
        {
            // What timers did before the entry belongs to the entry: a halted replica goes on to claim its hash, which has to be that of the last entry it applied.
            _hash.Value = hashBefore;
            return false;
        }

        AppliedIndex = entry.Index;
        AppliedTerm = entry.Term;
        LogTimeMs = entry.LogTimeMs;
        _hash.Append(entry, commandId, reply);
        Checkpoints.Add(entry.Index, _hash.Value);
        _observer.OnApplied(entry.Index, entry.Term, reply.ToNodeReply(entry.Index, entry.Term, localMessage));
        return true;
    }

    /// <summary>Answers a query, a flat array <c>[id, argument…]</c>, from the state as it is.</summary>
    /// <param name="payload">The query.</param>
    /// <param name="body">Gets the encoded result; nothing is written unless the status is <see cref="ReplyStatus.Ok"/>.</param>
    /// <param name="code">Rejected: the machine's code. Failed: the exception's type.</param>
    /// <param name="message">Anything but Ok: a sentence for a human.</param>
    public ReplyStatus Query(in ReadOnlySequence<byte> payload, IBufferWriter<byte> body, out string? code, out string? message)
    {
        code = null;
        message = HaltReason;
        if (message is not null)
            return ReplyStatus.MachineHalted;
        using InvariantCultureScope culture = InvariantCultureScope.Enter();
        try
        {
            var reader = new MessagePackReader(payload);
            var writer = new MessagePackWriter(Emptied(ref _answer));
            Machine.Query(ref reader, ref writer);
            writer.Flush();
            body.Write(_answer.WrittenSpan);
            return ReplyStatus.Ok;
        }
        catch (Exception exception)
        {
            return StatusOf(exception, out code, out message);
        }
    }

    /// <summary>Answers a query that gives a sequence from the state as it is.</summary>
    /// <param name="payload">The query, a flat array <c>[id, argument…]</c>.</param>
    /// <param name="pages">Gets the items; what was written is of no use unless the status is <see cref="ReplyStatus.Ok"/>.</param>
    /// <param name="code">As of <see cref="Query"/>.</param>
    /// <param name="message">As of <see cref="Query"/>.</param>
    public ReplyStatus QueryPages(in ReadOnlySequence<byte> payload, PageWriter pages, out string? code, out string? message)
    {
        code = null;
        message = HaltReason;
        if (message is not null)
            return ReplyStatus.MachineHalted;
        using InvariantCultureScope culture = InvariantCultureScope.Enter();
        try
        {
            var reader = new MessagePackReader(payload);
            Machine.QueryPages(ref reader, pages);
            return ReplyStatus.Ok;
        }
        catch (Exception exception) when (exception is ResultTooLargeException or OverloadedException)
        {
            message = exception.Message;
            return exception is OverloadedException ? ReplyStatus.Overloaded : ReplyStatus.ResultTooLarge;
        }
        catch (Exception exception)
        {
            return StatusOf(exception, out code, out message);
        }
    }

    /// <summary>What a query's end by an exception means. It changes nothing, so whatever it throws concerns its caller alone.</summary>
    private static ReplyStatus StatusOf(Exception exception, out string? code, out string? message)
    {
        code = null;
        switch (exception)
        {
            case CommandRejectedException rejection:
                code = rejection.RejectionCode;
                message = rejection.Message;
                return ReplyStatus.Rejected;
            case UnknownCommandException or InvalidCommandException:
                message = exception.Message;
                return exception is UnknownCommandException ? ReplyStatus.UnknownCommand : ReplyStatus.InvalidCommand;
            default:
                code = exception.GetType().ToString();
                message = ReplicatedReply.MessageOf(exception);
                return ReplyStatus.Failed;
        }
    }

    /// <summary>Empties a buffer for reuse, or replaces it where one large reply made it grow beyond what is worth keeping.</summary>
    private static ArrayBufferWriter<byte> Emptied(ref ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > BufferKeptMax)
            buffer = new ArrayBufferWriter<byte>();
        else
            buffer.ResetWrittenCount();
        return buffer;
    }

    /// <summary>Applies nothing more, for a reason that <paramref name="why"/> tells with the way out. Returns false, for the callers that then return it.</summary>
    private bool Halt(ulong index, string why, Exception? cause = null)
    {
        HaltReason = $"Group {_group}, machine '{_definition.Manifest.Name}', stopped before entry {index}: {why}.{(cause is null ? "" : $" {ReplicatedReply.MessageOf(cause)}")}";
        _observer.OnHalted(index, HaltReason, cause);
        return false;
    }

    private string VersionMissing(int version) =>
        $"machine version {version} is in effect and this binary has version {_definition.Manifest.Version}; install a binary with that version and restart";
}
