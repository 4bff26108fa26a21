using System.Runtime.CompilerServices;
using ReplicatedState.Client.Sessions;

namespace ReplicatedState.Client.Calls;

/// <summary>One call of a user, from its first attempt to its end. Used by one flow at a time.</summary>
/// <remarks>A call that its first attempt answered is as good as new, and is used again; one that had to be sent again is left to the garbage collector.</remarks>
internal abstract class RetriedCall(CallEnvironment environment)
{
    private RetrySchedule _schedule = new(environment.Options.Resilience);
    private string? _lastObstacle;
    private ConsensusException? _lastRefusal;
    private int _halted;
    private long _startedAt = environment.Options.TimeProvider.GetTimestamp();

    /// <summary>Where what the call has seen is noted; null where nobody is interested.</summary>
    protected SeenHistory? Seen { get; set; }

    protected CallEnvironment Environment { get; } = environment;

    /// <summary>How long the call may take.</summary>
    public abstract TimeSpan Lifetime { get; }

    /// <summary>What is left of it.</summary>
    public TimeSpan Remaining => Lifetime - Environment.Options.TimeProvider.GetElapsedTime(_startedAt);

    /// <summary>True where an earlier attempt may have been executed, or may still be.</summary>
    protected bool MayHaveExecuted { get; private set; }

    /// <summary>The node that gave the result; null before.</summary>
    public IClientEndpoint? AnsweredBy { get; private set; }

    /// <summary>The node that the next attempt asks.</summary>
    public IClientEndpoint Target => Preferred.Current;

    /// <summary>True where no other node can serve, so that what the node refuses for good is refused.</summary>
    protected virtual bool IsBoundToNode => false;

    /// <summary>Where the call goes.</summary>
    protected abstract PreferredEndpoint Preferred { get; }

    /// <summary>The call's time begins now.</summary>
    protected void Restart() => _startedAt = Environment.Options.TimeProvider.GetTimestamp();

    /// <summary>Sends the call once more and judges what came of it.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up, or the call's time is over.</exception>
    /// <exception cref="ConsensusException">The attempt could not be prepared; nothing was sent.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptOutcome> AttemptAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        IClientEndpoint endpoint = Target;
        EndpointReply reply;
        try
        {
            reply = await SendAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            MayHaveExecuted = true;
            throw;
        }

        return Judge(reply, endpoint);
    }

    /// <summary>The call ends without an answer: its error.</summary>
    public ConsensusException Expire() => End(_lastRefusal ?? new ClusterUnreachableException(_lastObstacle is null
        ? $"No node answered within {Lifetime}."
        : $"No node answered. The last obstacle: {_lastObstacle}"));

    /// <summary>An error that ends the call, as the caller may see it: where an earlier attempt may have been executed, no refusal of a later one is definite.</summary>
    public virtual ConsensusException End(ConsensusException refusal) => refusal;

    /// <summary>Gets what the attempt needs; nothing is sent for it to the group that the call itself is about.</summary>
    public virtual ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Sends one attempt.</summary>
    public abstract ValueTask<EndpointReply> SendAsync(IClientEndpoint endpoint, CancellationToken cancellationToken);

    /// <summary>Judges the statuses that only a session gives.</summary>
    protected abstract AttemptOutcome JudgeSession(in EndpointReply reply);

    /// <summary>Tries again at once; no node is to blame.</summary>
    protected AttemptOutcome AgainAtOnce() => Again(_schedule.Redirected(Environment.Directory.Count));

    /// <summary>Waits for another attempt, unless the call's time is over by then and nobody else could be asked meanwhile.</summary>
    private AttemptOutcome Again(TimeSpan? after) => after is { } wait && !(IsBoundToNode && wait >= Remaining)
        ? AttemptOutcome.Again(wait)
        : AttemptOutcome.Failed(Expire());

    /// <summary>What came of an attempt.</summary>
    public AttemptOutcome Judge(in EndpointReply reply, IClientEndpoint endpoint)
    {
        int nodes = Environment.Directory.Count;
        if (reply.Delivery != Delivery.Answered)
        {
            MayHaveExecuted |= reply.Delivery == Delivery.Lost;
            _lastObstacle = reply.Message;
            Preferred.Leave(endpoint);
            return AgainUnreached(nodes);
        }

        if (Refusal.IsResult(reply.Status))
        {
            Seen?.Note(reply);
            AnsweredBy = endpoint;
            return reply.Status == ReplyStatus.Ok ? AttemptOutcome.Succeeded(reply) : AttemptOutcome.Failed(Refusal.ToException(reply));
        }

        _lastRefusal = reply.Status == ReplyStatus.OutcomeUnknown ? _lastRefusal : Refusal.ToException(reply);
        if (IsBoundToNode && reply.Status != ReplyStatus.Overloaded)
            return AttemptOutcome.Failed(End(_lastRefusal!));
        switch (reply.Status)
        {
            case ReplyStatus.NotLeader:
                if (Preferred.TryFollow(reply.LeaderAddress, endpoint))
                    return Again(_schedule.Redirected(nodes));
                Preferred.Leave(endpoint);
                return Again(_schedule.Elsewhere(nodes));

            case ReplyStatus.NodeStopped:
                Preferred.Leave(endpoint);
                return Again(_schedule.Elsewhere(nodes));

            case ReplyStatus.MachineHalted:
                // What halts a machine usually halts it on every node, until an operator acts: no use in waiting for that.
                Preferred.Leave(endpoint);
                return ++_halted < nodes ? Again(_schedule.Elsewhere(nodes)) : AttemptOutcome.Failed(End(_lastRefusal!));

            case ReplyStatus.NoLeader:
            case ReplyStatus.StaleRead:
                Preferred.Leave(endpoint);
                return Again(_schedule.Later());

            case ReplyStatus.Overloaded:
            case ReplyStatus.DeadlineExceeded:
                return Again(_schedule.Later());

            case ReplyStatus.OutcomeUnknown:
                MayHaveExecuted = true;
                _lastObstacle = reply.Message;
                return Again(_schedule.Later());

            case ReplyStatus.SessionExpired:
            case ReplyStatus.AlreadyAcknowledged:
            case ReplyStatus.WindowExceeded:
                return JudgeSession(reply);

            default:
                return AttemptOutcome.Failed(End(_lastRefusal!));
        }
    }

    private AttemptOutcome AgainUnreached(int nodes)
    {
        TimeSpan? after = _schedule.Elsewhere(nodes);
        if (after > TimeSpan.Zero)
            Environment.Directory.EncourageAll();
        return Again(after);
    }
}
