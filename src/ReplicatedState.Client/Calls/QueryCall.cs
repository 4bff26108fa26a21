namespace ReplicatedState.Client.Calls;

/// <summary>A query on its way. It changes nothing, so every attempt may be repeated anywhere.</summary>
/// <remarks>Linearizable queries may go to any node, but the leader answers without asking another; local ones prefer the first configured node.</remarks>
internal sealed class QueryCall(CallEnvironment environment, MachineRoute route, RequestBuffer request, ReadConsistency consistency) : RetriedCall(environment)
{
    public override TimeSpan Lifetime => Environment.Options.CallTimeout;

    protected override PreferredEndpoint Preferred => consistency == ReadConsistency.Local ? route.Nearest : route.Leader;

    protected override ValueTask<EndpointReply> SendAsync(IClientEndpoint endpoint, CancellationToken cancellationToken) => endpoint.SendAsync(
        new ClientRequest
        {
            Kind = ClientCallKind.Query,
            Machine = route.Machine,
            Consistency = consistency,
            Payload = request.Written,
            Timeout = Environment.Options.AttemptTimeout < Remaining ? Environment.Options.AttemptTimeout : Remaining,
        },
        cancellationToken);

    protected override AttemptOutcome JudgeSession(in EndpointReply reply) => AttemptOutcome.Failed(Refusal.ToException(reply));
}
