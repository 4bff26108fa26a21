using ReplicatedState.Client.Sessions;

namespace ReplicatedState.Client.Calls;

/// <summary>
/// A command on its way: every attempt repeats the same session and sequence, or the same idempotency key and no session, so that the group executes it at most once.
/// </summary>
/// <remarks>
/// <see cref="ReplyStatus.SessionExpired"/>, <see cref="ReplyStatus.AlreadyAcknowledged"/> and <see cref="ReplyStatus.WindowExceeded"/> say that
/// <em>this attempt</em> was not executed. While no earlier attempt can have been, the command simply gets another session; afterwards nobody can
/// tell, and asking again under another session could execute it twice.
/// </remarks>
internal sealed class CommandCall(CallEnvironment environment, MachineRoute route) : RetriedCall(environment)
{
    private SessionSlot _slot;
    private RequestBuffer? _request;
    private ReadOnlyMemory<byte> _key;

    /// <summary>Half the session's lifetime at most: a retry must never meet a session, or come after a key, that expired meanwhile.</summary>
    public override TimeSpan Lifetime { get; } = Min(environment.Options.CallTimeout, environment.Options.SessionTtl / 2);

    protected override PreferredEndpoint Preferred => route.Leader;

    /// <summary>Begins a call with the encoded command, which stays the caller's.</summary>
    /// <param name="request">The encoded command.</param>
    /// <param name="key">The idempotency key instead of a session; empty for none.</param>
    /// <param name="seen">Where the reply is noted.</param>
    public void Begin(RequestBuffer request, ReadOnlyMemory<byte> key, SeenHistory seen)
    {
        Seen = seen;
        _request = request;
        _key = key;
        Restart();
    }

    /// <summary>The call is over: its sequence will never be sent again.</summary>
    public void Finish()
    {
        route.Sessions.Return(_slot);
        _slot = default;
        _request = null;
        _key = default;
    }

    public override ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        !_slot.IsEmpty || !_key.IsEmpty || route.Sessions.TryTake(out _slot) ? ValueTask.CompletedTask : TakeSlotAsync(cancellationToken);

    public override ValueTask<EndpointReply> SendAsync(IClientEndpoint endpoint, CancellationToken cancellationToken) => endpoint.SendAsync(
        new ClientRequest
        {
            Kind = ClientCallKind.Command,
            Machine = route.Machine,
            Session = _slot.Session?.Id ?? 0,
            Sequence = _slot.Sequence,
            AcknowledgedUpTo = _slot.Session?.AcknowledgedUpTo ?? 0,
            IdempotencyKey = _key,
            Payload = _request!.Written,
            Timeout = Min(Environment.Options.AttemptTimeout, Remaining),
        },
        cancellationToken);

    protected override AttemptOutcome JudgeSession(in EndpointReply reply)
    {
        if (MayHaveExecuted || _slot.IsEmpty)
            return AttemptOutcome.Failed(End(Refusal.ToException(reply)));
        route.Sessions.Retire(_slot.Session!);
        route.Sessions.Return(_slot);
        _slot = default;
        return AgainAtOnce();
    }

    public override ConsensusException End(ConsensusException refusal) => MayHaveExecuted
        ? new CommandOutcomeUnknownException($"The command was sent, and may have been executed; asking again ended with: {refusal.Message}", refusal)
        : refusal;

    private async ValueTask TakeSlotAsync(CancellationToken cancellationToken) =>
        _slot = await route.Sessions.TakeAsync(cancellationToken).ConfigureAwait(false);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
