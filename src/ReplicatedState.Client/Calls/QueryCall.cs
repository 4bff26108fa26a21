namespace ReplicatedState.Client.Calls;

/// <summary>A query on its way. It changes nothing, so every attempt may be repeated anywhere.</summary>
/// <remarks>Linearizable queries may go to any node, but the leader answers without asking another; local ones prefer the first configured node.</remarks>
internal sealed class QueryCall(CallEnvironment environment, MachineRoute route) : RetriedCall(environment)
{
    private RequestBuffer? _request;
    private ReadConsistency _consistency;

    public override TimeSpan Lifetime => Environment.Options.CallTimeout;

    protected override PreferredEndpoint Preferred => _consistency == ReadConsistency.Local ? route.Nearest : route.Leader;

    /// <summary>Begins a call with the encoded query, which stays the caller's.</summary>
    public void Begin(RequestBuffer request, ReadConsistency consistency)
    {
        _request = request;
        _consistency = consistency;
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
            Payload = _request!.Written,
            Timeout = Environment.Options.AttemptTimeout < Remaining ? Environment.Options.AttemptTimeout : Remaining,
        },
        cancellationToken);

    protected override AttemptOutcome JudgeSession(in EndpointReply reply) => AttemptOutcome.Failed(Refusal.ToException(reply));
}
