using System.Buffers.Binary;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Administration;

/// <summary>Carries out what operators ask, or passes it on to the node that leads. Owned by the supervisor, but for <see cref="Submit"/> and <see cref="OnMessage"/>.</summary>
/// <remarks>
/// Nothing here is more than a look at the records and the groups, and a proposal where something is missing: so an order survives the loss of any leader, and asking twice does nothing twice.
/// </remarks>
internal sealed class Administrator(NodeContext node, GroupReconciler groups)
{
    private const int OpenMax = 256;
    private const int RepeatAfterMs = 1000;
    private readonly Lock _gate = new();
    private readonly List<OpenOrder> _arrived = [];
    private readonly List<(RaftId From, AdministrationMessage Answer)> _answers = [];
    private readonly List<OpenOrder> _open = [];
    private readonly MembershipOrders _membership = new(node, groups);
    private readonly LeadershipOrders _leadership = new(node);
    private readonly SnapshotOrders _snapshots = new(node);
    private readonly StateOrders _states = new(node);
    private readonly VersionOrders _versions = new(node);

    /// <summary>Begins anywhere in each life: an answer that an earlier one waited for must not be taken for that of an order of this one.</summary>
    private ulong _lastId = Anywhere(node.Entropy);
    private bool _closed;

    /// <summary>Takes a request of this node's operator. Any thread.</summary>
    public void Submit(AdministrationRequest request)
    {
        long deadlineMs = node.Clock.MonotonicMs + Math.Max(1, request.Order.TimeoutMs);
        Arrive(new OpenOrder(request.Order, deadlineMs, request.Complete) { Id = Interlocked.Increment(ref _lastId) });
    }

    /// <summary>Takes what another node passed on, or its answer. Any thread.</summary>
    public void OnMessage(RaftId from, AdministrationMessage message)
    {
        if (message.Order is { } order)
        {
            long deadlineMs = node.Clock.MonotonicMs + Math.Max(1, order.TimeoutMs);
            Arrive(new OpenOrder(order, deadlineMs, outcome => Send(from, AdministrationMessage.Answer(message.Id, outcome)))
            {
                AskedBy = from,
                Id = message.Id,
                IsBegun = message.IsRepeated,
            });
            return;
        }

        lock (_gate)
            _answers.Add((from, message));
        node.Supervisor.Wake();
    }

    /// <summary>Moves every open order on.</summary>
    public void Look(long nowMs)
    {
        lock (_gate)
        {
            foreach (OpenOrder arrived in _arrived)
                Open(arrived);
            _arrived.Clear();
            foreach ((RaftId from, AdministrationMessage answer) in _answers)
                TakeAnswer(from, answer);
            _answers.Clear();
        }

        for (int i = _open.Count - 1; i >= 0; i--)
        {
            OpenOrder open = _open[i];
            if (Advance(open, nowMs) is not { } outcome)
                continue;
            _open.RemoveAt(i);
            open.Answer(outcome);
        }
    }

    /// <summary>The node has stopped: ends what is open, and whatever still comes.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _open.AddRange(_arrived);
            _arrived.Clear();
        }

        foreach (OpenOrder open in _open)
            open.Answer(Stopped());
        _open.Clear();
    }

    private void Arrive(OpenOrder order)
    {
        lock (_gate)
        {
            if (!_closed && _arrived.Count < OpenMax)
            {
                _arrived.Add(order);
                order = null!;
            }
        }

        if (order is null)
            node.Supervisor.Wake();
        else
            order.Answer(_closed ? Stopped() : TooMany());
    }

    private void Open(OpenOrder arrived)
    {
        // A repetition of what is open already: the first one answers.
        if (!arrived.AskedBy.IsNone && _open.Exists(open => open.AskedBy == arrived.AskedBy && open.Id == arrived.Id))
            return;
        if (_open.Count < OpenMax)
            _open.Add(arrived);
        else
            arrived.Answer(TooMany());
    }

    private void TakeAnswer(RaftId from, AdministrationMessage answer)
    {
        int position = _open.FindIndex(open => open.AskedBy.IsNone && open.Id == answer.Id && open.PassedTo == from);
        if (position < 0)
            return;
        OpenOrder open = _open[position];
        if (answer.Outcome!.Status is AdministrationStatus.NoLeader or AdministrationStatus.NodeStopped)
        {
            // It doesn't lead any more: the next leader is asked, and told that somebody may have begun.
            open.PassedTo = RaftId.None;
            open.IsBegun = true;
            return;
        }

        _open.RemoveAt(position);
        open.Answer(answer.Outcome);
    }

    private AdministrationOutcome? Advance(OpenOrder open, long nowMs)
    {
        if (nowMs >= open.DeadlineMs)
            return Expired(open);
        string? group = open.Order.Action is AdministrationAction.TransferLeadership or AdministrationAction.TakeSnapshot or AdministrationAction.CompareStates ? open.Order.Group : SystemMachine.MachineName;
        if (node.Groups.Find(group) is not { } replica)
            return Missing(group);
        GroupStatus status = replica.Status;
        if (open.Order.Action == AdministrationAction.TakeSnapshot)
            return _snapshots.Advance(open, replica, status, nowMs);
        if (open.Order.Action == AdministrationAction.TransferLeadership && LeadershipOrders.IsDone(open, status))
            return AdministrationOutcome.Done($"'{status.LeaderName}' leads the group '{status.Name}'.", status.Term);
        if (status.Role == RaftRole.Leader)
        {
            open.IsBegun |= !open.PassedTo.IsNone; // the leader before this node may have begun it
            return open.Order.Action switch
            {
                AdministrationAction.TransferLeadership => _leadership.Advance(open, replica, nowMs),
                AdministrationAction.CompareStates => _states.Advance(open, replica, status, nowMs),
                AdministrationAction.ActivateVersion => _versions.Advance(open, replica, nowMs),
                _ => _membership.Advance(open, replica, nowMs),
            };
        }

        if (status.Leader.IsNone)
            return null;
        if (!open.AskedBy.IsNone)
            return new AdministrationOutcome(AdministrationStatus.NoLeader, $"Node {node.Options.Name} doesn't lead the group '{status.Name}'.");
        PassOn(open, status.Leader, nowMs);
        return null;
    }

    private void PassOn(OpenOrder open, RaftId leader, long nowMs)
    {
        if (leader.IsNone || (leader == open.PassedTo && nowMs < open.RepeatAtMs))
            return;
        // Whoever got it before, be it the same node, may have carried it out while its answer was lost.
        bool isRepeated = open.IsBegun || !open.PassedTo.IsNone;
        open.RepeatAtMs = nowMs + RepeatAfterMs;
        open.IsBegun = isRepeated;
        open.PassedTo = leader;
        Send(leader, AdministrationMessage.Request(open.Id, isRepeated, open.Order with { TimeoutMs = (int)(open.DeadlineMs - nowMs) }));
    }

    private void Send(RaftId to, AdministrationMessage message)
    {
        if (node.IsStopped || node.Peers.Find(to) is not { } peer)
            return;
        FrameBuffer frame = FrameHeader.RentFrame();
        message.Write(frame);
        (node.HeaderOf(FrameKind.Administration) with { To = to }).Seal(frame);
        peer.TrySend(Lane.Control, frame);
    }

    private AdministrationOutcome? Missing(string? group)
    {
        SystemState cluster = node.Cluster;
        if (cluster.ClusterId is null || group == SystemMachine.MachineName || (group is not null && cluster.Groups.ContainsKey(group)))
            return null; // will be here soon, or the deadline says that it isn't
        return AdministrationOutcome.Refuse(
            AdministrationRefusal.UnknownGroup,
            group is null ? "The cluster has several machines, or none, so the group must be named." : $"The cluster has no group '{group}'.");
    }

    private AdministrationOutcome Expired(OpenOrder open)
    {
        if (open.IsBegun || !open.PassedTo.IsNone)
            return new AdministrationOutcome(AdministrationStatus.OutcomeUnknown, $"{open.Order.Action} was begun and not seen to end in time. It goes on; asking again joins it.");
        return open.Obstacle ?? new AdministrationOutcome(AdministrationStatus.NoLeader, $"Node {node.Options.Name} found no leader in time, so nothing was changed.");
    }

    private AdministrationOutcome Stopped() => new(AdministrationStatus.NodeStopped, node.StopSentence);

    private static ulong Anywhere(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        entropy.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static AdministrationOutcome TooMany() =>
        AdministrationOutcome.Refuse(AdministrationRefusal.ChangeInProgress, $"More than {OpenMax} administrative requests are under way.");
}
