using ReplicatedState.Client.Sessions;

namespace ReplicatedState.Client.Calls;

/// <summary>How the calls to one machine travel: which nodes they prefer, and the sessions with the machine's group.</summary>
internal sealed class MachineRoute
{
    private readonly CallEnvironment _environment;

    public MachineRoute(string? machine, CallEnvironment environment)
    {
        _environment = environment;
        Machine = machine;
        Leader = new PreferredEndpoint(environment.Directory);
        Nearest = new PreferredEndpoint(environment.Directory);
        Watched = new PreferredEndpoint(environment.Directory);
        Sessions = new SessionPool(OpenSessionAsync);
        Commands = new CallPool<CommandCall>(() => new CommandCall(environment, this));
        Queries = new CallPool<QueryCall>(() => new QueryCall(environment, this));
    }

    /// <summary>The machine instance; null where the cluster hosts only one.</summary>
    public string? Machine { get; }

    /// <summary>The node that leads the machine's group, as far as known.</summary>
    public PreferredEndpoint Leader { get; }

    /// <summary>The node for queries that any node may answer from what it has.</summary>
    public PreferredEndpoint Nearest { get; }

    /// <summary>The node that events come from.</summary>
    public PreferredEndpoint Watched { get; }

    /// <summary>The sessions with the group.</summary>
    public SessionPool Sessions { get; }

    /// <summary>What all calls that belong to no other session have seen.</summary>
    public SeenHistory Seen { get; } = new(default);

    /// <summary>Commands to be used again.</summary>
    public CallPool<CommandCall> Commands { get; }

    /// <summary>Queries to be used again.</summary>
    public CallPool<QueryCall> Queries { get; }

    /// <summary>Tells the group that the sessions won't be used again, as far as it can be told: what remains open expires.</summary>
    public async ValueTask CloseSessionsAsync(CancellationToken cancellationToken)
    {
        foreach (ulong session in Sessions.TakeAll())
        {
            var call = new SessionCall(_environment, this, ClientCallKind.CloseSession, session);
            AttemptOutcome outcome = await call.AttemptAsync(cancellationToken).ConfigureAwait(false);
            outcome.Reply.Body.Dispose();
        }
    }

    private async Task<ulong> OpenSessionAsync()
    {
        var call = new SessionCall(_environment, this, ClientCallKind.OpenSession, session: 0);
        AttemptOutcome outcome = await call.AttemptAsync(CancellationToken.None).ConfigureAwait(false);
        if (outcome.RetryAfter is not null)
            outcome = await _environment.Retries.ContinueAsync(call, outcome, CancellationToken.None).ConfigureAwait(false);
        outcome.Reply.Body.Dispose();
        return outcome.Error is { } error ? throw error : outcome.Reply.Index;
    }
}
