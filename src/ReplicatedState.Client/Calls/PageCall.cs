namespace ReplicatedState.Client.Calls;

/// <summary>Asks the node that has a result for one of its pages. Sent again to that node alone: no other has it.</summary>
internal sealed class PageCall(CallEnvironment environment, IClientEndpoint node, ulong cursor, uint page) : RetriedCall(environment)
{
    /// <summary>Shorter than a query's: where the node doesn't come back there is nobody else to ask.</summary>
    public override TimeSpan Lifetime => Environment.Options.AttemptTimeout < Environment.Options.CallTimeout ? Environment.Options.AttemptTimeout : Environment.Options.CallTimeout;

    protected override bool IsBoundToNode => true;

    protected override PreferredEndpoint Preferred { get; } = new(environment.Directory, node);

    public override ValueTask<EndpointReply> SendAsync(IClientEndpoint endpoint, CancellationToken cancellationToken) => endpoint.SendAsync(
        new ClientRequest
        {
            Kind = ClientCallKind.Page,
            Cursor = cursor,
            Page = page,
            Timeout = Remaining,
        },
        cancellationToken);

    protected override AttemptOutcome JudgeSession(in EndpointReply reply) => AttemptOutcome.Failed(Refusal.ToException(reply));
}
