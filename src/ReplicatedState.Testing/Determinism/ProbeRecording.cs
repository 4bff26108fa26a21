using System.Runtime.CompilerServices;
using MessagePack;
using ReplicatedState.Batches;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Determinism;

/// <summary>A channel that executes every call at once, on a machine in this process, and remembers it.</summary>
internal sealed class ProbeRecording(StateMachineDefinition definition) : IStateMachineChannel
{
    private const long BeginMs = VirtualClock.StartWallMs;
    private const int StepMs = 1_234;
    private const int FiredAtEndMax = 1_000;
    private readonly Lock _gate = new();
    private readonly ProbeReplay _replay = new(definition);
    private readonly List<ProbeCall> _calls = [];
    private long _nowMs = BeginMs;

    public IReadOnlyList<ProbeCall> Calls => _calls;

    public SessionToken SessionToken => default;

    public RequestBuffer RentRequest() => RequestBuffer.Rent();

    public IStateMachineChannel WithSession(SessionToken token) => this;

    public IStateMachineChannel WithIdempotencyKey(string key) => this;

    public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken) => Execute(request, isQuery: false);

    public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) => Execute(request, isQuery: true);

    public async IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await Execute(request, isQuery: true, inPages: true).ConfigureAwait(false);
    }

    /// <summary>Has the timers fire that are still set, those included that they set: the commands that nobody calls are probed too. A machine that always sets another is left after a while.</summary>
    public void FireTimers()
    {
        lock (_gate)
        {
            for (int fired = 0; fired < FiredAtEndMax && _replay.Timers.NextDueMs != long.MaxValue; fired++)
            {
                _nowMs = Math.Max(_nowMs, _replay.Timers.NextDueMs);
                FireDue();
            }
        }
    }

    /// <summary>What the context tells the call with this number, in every recording alike.</summary>
    public static CommandStamp StampOf(ulong index, long nowMs, TimerId? timer, int machineVersion)
    {
        var random = new SeededRandom(index);
        return new CommandStamp(
            new UInt128(random.NextUInt64(), random.NextUInt64()), index, 1, DateTimeOffset.FromUnixTimeMilliseconds(nowMs), machineVersion, "anonymous", Ordinal: 0, timer);
    }

    private ValueTask<ReplyBuffer> Execute(RequestBuffer request, bool isQuery, bool inPages = false)
    {
        using (request)
        lock (_gate)
        {
            _nowMs += StepMs;
            if (!isQuery)
                FireDue();
            byte[] call = request.Written.ToArray();

            // The commands of a batch are probed one by one: what is between them differs from what is between calls in nothing that a machine may depend on.
            byte[] reply = !isQuery && BatchFormat.IsBatch(new MessagePackReader(call))
                ? BatchExecution.Run(call, (command, _) => ExecuteOne(command.ToArray(), isQuery: false, inPages: false))
                : ExecuteOne(call, isQuery, inPages);
            return ValueTask.FromResult(ReplyBuffer.Copy(reply));
        }
    }

    private byte[] ExecuteOne(byte[] call, bool isQuery, bool inPages)
    {
        ProbeOutcome outcome = Record(call, isQuery, inPages, timer: null);
        return outcome.Reply.Status switch
        {
            ReplyStatus.Ok => outcome.Reply.Body.ToArray(),
            ReplyStatus.Rejected => throw new CommandRejectedException(outcome.Reply.Code!, outcome.Reply.Message!),
            _ => throw new CommandFailedException(outcome.Reply.Code!, $"The call threw {outcome.Reply.Code}."),
        };
    }

    private void FireDue()
    {
        ulong lastId = _replay.Timers.LastId;
        while (_replay.Timers.NextDue(_nowMs, lastId) is { } call)
            Record(call.Command.ToArray(), isQuery: false, inPages: false, new TimerId(call.Id));
    }

    private ProbeOutcome Record(byte[] payload, bool isQuery, bool inPages, TimerId? timer)
    {
        CommandStamp stamp = StampOf((ulong)_calls.Count + 1, _nowMs, timer, definition.Manifest.Version);
        ProbeOutcome outcome = _replay.Execute(payload, isQuery, inPages, stamp);
        _calls.Add(new ProbeCall(isQuery, inPages, payload, stamp, outcome));
        return outcome;
    }
}
