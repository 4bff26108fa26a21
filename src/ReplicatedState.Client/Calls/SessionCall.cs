namespace ReplicatedState.Client.Calls;

/// <summary>Opens a session, or closes it. Either may happen twice without harm: a session that nobody uses expires.</summary>
internal sealed class SessionCall(CallEnvironment environment, MachineRoute route, ClientCallKind kind, ulong session) : RetriedCall(environment)
{
    public override TimeSpan Lifetime => Environment.Options.CallTimeout;

    protected override PreferredEndpoint Preferred => route.Leader;

    public override ValueTask<EndpointReply> SendAsync(IClientEndpoint endpoint, CancellationToken cancellationToken) => endpoint.SendAsync(
        new ClientRequest
        {
            Kind = kind,
            Machine = route.Machine,
            Session = session,
            Timeout = Environment.Options.AttemptTimeout < Remaining ? Environment.Options.AttemptTimeout : Remaining,
        },
        cancellationToken);

    protected override AttemptOutcome JudgeSession(in EndpointReply reply) => AttemptOutcome.Failed(Refusal.ToException(reply));
}
