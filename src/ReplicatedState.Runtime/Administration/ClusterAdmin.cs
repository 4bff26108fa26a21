using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Runtime.Administration;

/// <summary>The asynchronous edge of a node's administration.</summary>
public sealed class ClusterAdmin(ReplicatedNode node) : IClusterAdmin
{
    /// <summary>For how long a request goes on before its caller is told that the outcome is unknown, in milliseconds; 1 or more.</summary>
    public int TimeoutMs { get; init; } = 30_000;

    /// <inheritdoc/>
    public NodeStatus Status => node.Status;

    /// <inheritdoc/>
    public ValueTask AddMemberAsync(string name, bool asLearner = false, CancellationToken cancellationToken = default) =>
        DoAsync(new AdministrationOrder(AdministrationAction.AddMember) { Member = Named(name), AsLearner = asLearner }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RemoveMemberAsync(string name, bool force = false, CancellationToken cancellationToken = default) =>
        DoAsync(new AdministrationOrder(AdministrationAction.RemoveMember) { Member = Named(name), Force = force }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask PromoteMemberAsync(string name, CancellationToken cancellationToken = default) =>
        DoAsync(new AdministrationOrder(AdministrationAction.PromoteMember) { Member = Named(name) }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReplaceMemberAsync(string name, CancellationToken cancellationToken = default) =>
        DoAsync(new AdministrationOrder(AdministrationAction.ReplaceMember) { Member = Named(name) }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask TransferLeadershipAsync(string target, string? group = null, CancellationToken cancellationToken = default) =>
        DoAsync(new AdministrationOrder(AdministrationAction.TransferLeadership) { Member = Named(target), Group = group }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask StepDownAsync(string? group = null, CancellationToken cancellationToken = default) =>
        DoAsync(new AdministrationOrder(AdministrationAction.TransferLeadership) { Group = group }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ulong> TakeSnapshotAsync(string? group = null, CancellationToken cancellationToken = default)
    {
        AdministrationOutcome outcome = await AskAsync(new AdministrationOrder(AdministrationAction.TakeSnapshot) { Group = group }, cancellationToken).ConfigureAwait(false);
        return outcome.Index;
    }

    /// <inheritdoc/>
    public async ValueTask<ulong> CompareStatesAsync(string? group = null, CancellationToken cancellationToken = default)
    {
        AdministrationOutcome outcome = await AskAsync(new AdministrationOrder(AdministrationAction.CompareStates) { Group = group }, cancellationToken).ConfigureAwait(false);
        return outcome.Index;
    }

    /// <inheritdoc/>
    public ValueTask ActivateVersionAsync(int version, string? group = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 2);
        return DoAsync(new AdministrationOrder(AdministrationAction.ActivateVersion) { Version = version, Group = group }, cancellationToken);
    }

    private static string Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }

    private async ValueTask DoAsync(AdministrationOrder order, CancellationToken cancellationToken) =>
        await AskAsync(order, cancellationToken).ConfigureAwait(false);

    private async ValueTask<AdministrationOutcome> AskAsync(AdministrationOrder order, CancellationToken cancellationToken)
    {
        var request = new AwaitedRequest(order with { TimeoutMs = TimeoutMs });
        node.Administer(request);
        AdministrationOutcome outcome = await request.Outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
        return outcome.Status switch
        {
            AdministrationStatus.Done => outcome,
            AdministrationStatus.NoLeader => throw new NoLeaderException(outcome.Message),
            AdministrationStatus.NodeStopped => throw new NodeStoppedException(outcome.Message),
            AdministrationStatus.OutcomeUnknown => throw new CommandOutcomeUnknownException(outcome.Message),
            _ => throw new AdministrationRefusedException(outcome.Reason, outcome.Message),
        };
    }

    private sealed class AwaitedRequest(AdministrationOrder order) : AdministrationRequest(order)
    {
        private readonly TaskCompletionSource<AdministrationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<AdministrationOutcome> Outcome => _outcome.Task;

        public override void Complete(AdministrationOutcome outcome) => _outcome.SetResult(outcome);
    }
}
