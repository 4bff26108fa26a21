using ReplicatedState.Client.Sessions;

namespace ReplicatedState.Client.Calls;

/// <summary>A query on its way. It changes nothing, so every attempt may be repeated anywhere.</summary>
/// <remarks>
/// Any node answers at any consistency. What the leader alone can answer without asking another goes to it; what any node can goes to the first configured one.
/// </remarks>
internal sealed class QueryCall(CallEnvironment environment, MachineRoute route) : RetriedCall(environment)
{
    private RequestBuffer? _request;
    private ReadConsistency _consistency;
    private bool _ownSession;

    /// <summary>Whether the result is a sequence and wanted in pages.</summary>
    public bool InPages { get; set; }

    public override TimeSpan Lifetime => Environment.Options.CallTimeout;

    protected override PreferredEndpoint Preferred => _consistency.Level is ConsistencyLevel.Linearizable or ConsistencyLevel.Lease ? route.Leader : route.Nearest;

    /// <summary>Begins a call with the encoded query, which stays the caller's.</summary>
    /// <param name="request">The encoded query.</param>
    /// <param name="consistency">How recent.</param>
    /// <param name="seen">Where the reply is noted, and what a query sees that names no other session.</param>
    public void Begin(RequestBuffer request, ReadConsistency consistency, SeenHistory seen)
    {
        _request = request;
        _ownSession = consistency == ReadConsistency.Session;
        _consistency = _ownSession ? ReadConsistency.AtLeast(seen.Token) : consistency;
        Seen = seen;
        Restart();
    }

    /// <summary>The call is over.</summary>
    public void Finish() => _request = null;

    public override ValueTask<EndpointReply> SendAsync(IClientEndpoint endpoint, CancellationToken cancellationToken) => endpoint.SendAsync(
        new ClientRequest
        {
            Kind = ClientCallKind.Query,
            Machine = route.Machine,
            Consistency = _consistency,
            InPages = InPages,
            Payload = _request!.Written,
            Timeout = Environment.Options.AttemptTimeout < Remaining ? Environment.Options.AttemptTimeout : Remaining,
        },
        cancellationToken);

    public override ConsensusException End(ConsensusException refusal)
    {
        if (_ownSession && refusal is InvalidConsistencyException)
            Seen!.Forget(_consistency.Token);
        return refusal;
    }

    protected override AttemptOutcome JudgeSession(in EndpointReply reply) => AttemptOutcome.Failed(Refusal.ToException(reply));
}
