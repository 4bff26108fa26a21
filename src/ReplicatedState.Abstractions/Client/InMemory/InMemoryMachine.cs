using System.Buffers;
using System.Globalization;
using MessagePack;
using ReplicatedState.Batches;
using ReplicatedState.Pages;
using ReplicatedState.Events;
using ReplicatedState.Timers;

namespace ReplicatedState;

/// <summary>
/// A machine in this process, without a cluster: what stands behind the generated <c>InMemory{Machine}Client</c>, for unit tests of code that calls a machine. Calls are encoded, admitted, executed
/// and answered as by a node; there is no log, so nothing survives, and nothing is ever slow, lost or refused for want of a leader.
/// </summary>
/// <remarks>Safe for concurrent use. Time stands still but for <see cref="Advance"/>; random numbers and GUIDs are the same in every run.</remarks>
public sealed class InMemoryMachine
{
    internal const uint Group = 1;
    private static readonly DateTimeOffset DefaultNow = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly UInt128 Secret = new(0x7265706c69636174, 0x6564207374617465);
    private readonly StateMachineDefinition _definition;
    private readonly Lock _gate = new();
    private readonly CommandEffects _effects;
    private readonly CommandContext _context;
    private readonly List<Exception> _timerErrors = [];
    private readonly Dictionary<string, InMemoryReply> _keyed = new(StringComparer.Ordinal);
    private TaskCompletionSource _emitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _nowMs;
    private ulong _index;

    /// <summary>A machine in its initial state, with the version that its class declares in effect.</summary>
    /// <param name="definition">The machine.</param>
    /// <param name="now">The time at first; the beginning of the year 2000 where it isn't said.</param>
    public InMemoryMachine(StateMachineDefinition definition, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _definition = definition;
        Machine = definition.Create();
        _effects = new CommandEffects(definition.Manifest.Name, Machine);
        _context = new CommandContext { Effects = _effects };
        _nowMs = (now ?? DefaultNow).ToUnixTimeMilliseconds();
        Channel = new InMemoryChannel(this);
    }

    /// <summary>The machine itself. Read it between calls; what is written to it directly is no command.</summary>
    public IStateMachine Machine { get; }

    /// <summary>Where clients of the machine send their calls.</summary>
    public IStateMachineChannel Channel { get; }

    /// <summary>What commands see as the log's time.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_gate)
                return DateTimeOffset.FromUnixTimeMilliseconds(_nowMs);
        }
    }

    /// <summary>What commands of timers threw: on a cluster it goes to the log, because nobody waits for it.</summary>
    public IReadOnlyList<Exception> TimerErrors
    {
        get
        {
            lock (_gate)
                return [.. _timerErrors];
        }
    }

    /// <summary>How many commands were executed.</summary>
    internal ulong Index
    {
        get
        {
            lock (_gate)
                return _index;
        }
    }

    /// <summary>Lets time pass: timers fire in their order, each at its own time.</summary>
    /// <param name="time">How much; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        lock (_gate)
        {
            long untilMs = _nowMs + (long)time.TotalMilliseconds;
            while (_effects.Timers.TakeDue(untilMs, ulong.MaxValue) is { } call)
            {
                _nowMs = Math.Max(_nowMs, call.DueMs);
                _index++;
                try
                {
                    Execute(call.Command, call.Caller, ordinal: 0, new TimerId(call.Id));
                }
                catch (ConsensusException error)
                {
                    _timerErrors.Add(error);
                }
            }

            _nowMs = untilMs;
        }
    }

    /// <summary>Executes a command; under a key once, however often it comes.</summary>
    internal ReplyBuffer Command(ReadOnlyMemory<byte> command, string? key)
    {
        lock (_gate)
        {
            _definition.ValidateCommand(new ReadOnlySequence<byte>(command));
            if (key is null)
                return ReplyBuffer.Copy(Call(command));
            if (!_keyed.TryGetValue(key, out InMemoryReply? reply))
                _keyed.Add(key, reply = InMemoryReply.Of(() => Call(command)));
            return reply.ToBuffer();
        }
    }

    /// <summary>Answers a query.</summary>
    internal ReplyBuffer Query(ReadOnlyMemory<byte> query)
    {
        lock (_gate)
        {
            var body = new ArrayBufferWriter<byte>();
            Run(() =>
            {
                var reader = new MessagePackReader(query);
                var writer = new MessagePackWriter(body);
                Machine.Query(ref reader, ref writer);
                writer.Flush();
            });
            return ReplyBuffer.Copy(body.WrittenSpan);
        }
    }

    /// <summary>Answers a query that gives a sequence.</summary>
    internal Queue<ResultPage> QueryPages(ReadOnlyMemory<byte> query)
    {
        lock (_gate)
        {
            using var pages = new PageWriter(PageLimits.Default);
            Run(() =>
            {
                var reader = new MessagePackReader(query);
                Machine.QueryPages(ref reader, pages);
            });
            return pages.TakePages();
        }
    }


    /// <summary>A page of events, once there is one to tell of. Like a node it answers Now at once with where that is.</summary>
    internal async ValueTask<EventPage> ReadEventsAsync(EventRequest request, CancellationToken cancellationToken)
    {
        EventOffset from = request.From.Offset;
        while (true)
        {
            Task emitted;
            lock (_gate)
            {
                if (from < _effects.Events.Floor && !request.From.IsNow)
                    throw new TooFarBehindException(new EventPosition(Group, 0, _effects.Events.Floor), "The machine no longer keeps the events that were asked for.");
                if (request.From.IsNow)
                    from = new EventOffset(_index + 1, 0);
                if (request.From.IsNow || _effects.Events.TryFind(request.EventId, ref from))
                    return Page(request.EventId, from);
                emitted = _emitted.Task;
            }

            await emitted.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private EventPage Page(uint eventId, EventOffset from)
    {
        var page = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(page);
        _effects.Events.WritePage(ref writer, eventId, from, _index);
        writer.Flush();
        return new EventPage(ReplyBuffer.Copy(page.WrittenSpan), Group, epoch: 0);
    }

    private void TellWatchers()
    {
        if (_effects.Events.End.Index != _index)
            return;
        TaskCompletionSource emitted = _emitted;
        _emitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        emitted.SetResult();
    }

    /// <summary>Executes a client's call: a command, or a batch of them.</summary>
    private byte[] Call(ReadOnlyMemory<byte> call)
    {
        const string caller = "anonymous";
        _index++;
        return BatchFormat.IsBatch(new MessagePackReader(call))
            ? BatchExecution.Run(call, (command, position) => Execute(command, caller, CommandContext.BatchOrdinal + position, timer: null))
            : Execute(call, caller, ordinal: 0, timer: null);
    }

    private byte[] Execute(ReadOnlyMemory<byte> command, string caller, int ordinal, TimerId? timer)
    {
        var body = new ArrayBufferWriter<byte>();
        _context.Begin(Secret, _index, term: 1, ordinal, _nowMs, _definition.Manifest.Version, caller, timer);
        try
        {
            Run(() =>
            {
                var reader = new MessagePackReader(command);
                var writer = new MessagePackWriter(body);
                Machine.Apply(ref reader, _context, ref writer);
                writer.Flush();
            });
            _effects.Commit(_index, _nowMs);
            TellWatchers();
            return body.WrittenSpan.ToArray();
        }
        finally
        {
            _effects.Rollback(); // nothing is left of it after a commit
        }
    }

    /// <summary>Runs the machine's code as a node does: with the invariant culture, and with what it throws turned into what a client sees.</summary>
    private static void Run(Action code)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            code();
        }
        catch (Exception error) when (error is not ConsensusException)
        {
            throw new CommandFailedException(error.GetType().ToString(), error.Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
