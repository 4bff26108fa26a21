using ReplicatedState.Client.Sessions;

namespace ReplicatedState.Client.Calls;

/// <summary>A question for events on its way. It changes nothing, and any node gives the same answer sooner or later.</summary>
internal sealed class WatchCall : RetriedCall
{
    private readonly MachineRoute _route;
    private readonly RequestBuffer _request;
    private readonly bool _isFromNow;

    /// <param name="environment">What all calls of the client share.</param>
    /// <param name="route">How the call travels.</param>
    /// <param name="request">The encoded question, which stays the caller's.</param>
    /// <param name="from">From where on.</param>
    /// <param name="seen">Where the reply is noted: a query of the session that comes after an event sees what the event tells of.</param>
    public WatchCall(CallEnvironment environment, MachineRoute route, RequestBuffer request, EventPosition from, SeenHistory seen)
        : base(environment)
    {
        _route = route;
        _request = request;
        _isFromNow = from.IsNow;
        Seen = seen;
    }

    public override TimeSpan Lifetime => Environment.Options.CallTimeout;

    protected override PreferredEndpoint Preferred => _isFromNow ? _route.Leader : _route.Watched;

    public override ValueTask<EndpointReply> SendAsync(IClientEndpoint endpoint, CancellationToken cancellationToken) => endpoint.SendAsync(
        new ClientRequest
        {
            Kind = ClientCallKind.Watch,
            Machine = _route.Machine,
            Payload = _request.Written,
            Timeout = Environment.Options.AttemptTimeout < Remaining ? Environment.Options.AttemptTimeout : Remaining,
        },
        cancellationToken);

    protected override AttemptOutcome JudgeSession(in EndpointReply reply) => AttemptOutcome.Failed(Refusal.ToException(reply));
}
