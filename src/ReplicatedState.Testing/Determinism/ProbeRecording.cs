using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Determinism;

/// <summary>A channel that executes every call at once, on a machine in this process, and remembers it.</summary>
internal sealed class ProbeRecording(StateMachineDefinition definition) : IStateMachineChannel
{
    private const long BeginMs = VirtualClock.StartWallMs;
    private const int StepMs = 1_234;
    private readonly Lock _gate = new();
    private readonly ProbeReplay _replay = new(definition);
    private readonly List<ProbeCall> _calls = [];

    public IReadOnlyList<ProbeCall> Calls => _calls;

    public SessionToken SessionToken => default;

    public RequestBuffer RentRequest() => RequestBuffer.Rent();

    public IStateMachineChannel WithSession(SessionToken token) => this;

    public IStateMachineChannel WithIdempotencyKey(string key) => this;

    public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken) => Execute(request, isQuery: false);

    public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) => Execute(request, isQuery: true);

    private ValueTask<ReplyBuffer> Execute(RequestBuffer request, bool isQuery)
    {
        using (request)
        lock (_gate)
        {
            ulong index = (ulong)_calls.Count + 1;
            var random = new SeededRandom(index);
            var stamp = new CommandStamp(
                new UInt128(random.NextUInt64(), random.NextUInt64()), index, 1, DateTimeOffset.FromUnixTimeMilliseconds(BeginMs + ((long)index * StepMs)), definition.Manifest.Version, "anonymous");
            byte[] payload = request.Written.ToArray();
            ProbeOutcome outcome = _replay.Execute(payload, isQuery, stamp);
            _calls.Add(new ProbeCall(isQuery, payload, stamp, outcome));
            return outcome.Reply.Status switch
            {
                ReplyStatus.Ok => ValueTask.FromResult(ReplyBuffer.Copy(outcome.Reply.Body.Span)),
                ReplyStatus.Rejected => throw new CommandRejectedException(outcome.Reply.Code!, outcome.Reply.Message!),
                _ => throw new CommandFailedException(outcome.Reply.Code!, $"The call threw {outcome.Reply.Code}."),
            };
        }
    }
}
