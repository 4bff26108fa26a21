using System.Globalization;
using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

// The end of a run: all faults are over, and within a bound there is one leader, all logs are equal, a fresh write is acknowledged, reads are served
// everywhere, nothing is pending and nothing has leaked.
public sealed partial class CoreSimulation
{
    private const int LookEveryUs = 20_000;
    private long _convergeByUs;
    private LogPosition? _freshWrite;
    private ulong[] _readsServedBefore = [];

    private void Converge()
    {
        if (_faulty)
            EndFaults();
        _finished = Advance();
        if (_finished)
            return;
        if (_clock.NowUs > _convergeByUs)
            throw new SimulationViolationException("liveness", $"the cluster isn't whole again after {_options.ConvergeWithinElections} election timeouts without faults: {Describe()}");
        _events.Add(_clock.NowUs + LookEveryUs, new CoreEvent(CoreEventKind.Converge, 0));
    }

    private void EndFaults()
    {
        _faulty = false;
        _network.Heal();
        _network.Faults = NetworkFaults.None with { DelayUsMin = _options.Network.DelayUsMin, DelayUsMax = _options.Network.DelayUsMin };
        for (int i = 0; i < _stations.Length; i++)
            _stations[i].PausedUntilUs = Math.Min(_stations[i].PausedUntilUs, _clock.NowUs);
        foreach (CoreNode node in _cluster.Nodes)
            Resume(node);
        PutDiskBack();
        foreach (CoreNode node in _cluster.Nodes)
            Restart(node);
        if (_options.DistrustEveryUs > 0)
            TrustAll();
        // Late messages of the faulty time may arrive until here and disturb once more; the bound counts from then on.
        long lastLateUs = _options.Network.LatePerMille > 0 ? _options.Network.LateUsMax : 0;
        long electionUs = (long)_options.Core.ElectionTicksMax * _options.TickUs;
        // And a backlog takes its time where a follower is fed one entry a round trip.
        ulong longest = _cluster.Nodes.Max(n => n.Log.LastIndex);
        ulong shortest = _cluster.Nodes.Min(n => n.Core!.Status.HardState.Commit);
        long roundTripUs = (2L * _options.Network.DelayUsMin) + _options.SyncUsMin;
        _convergeByUs = _clock.NowUs + lastLateUs + 3_000_000 + (_options.ConvergeWithinElections * electionUs) + ((long)(longest - shortest) * 2 * roundTripUs);
    }

    /// <summary>One look: takes the next step where it can, and tells whether all is well.</summary>
    private bool Advance()
    {
        if (Leader() is not { } leader || !IsSettled(leader))
            return false;
        if (_freshWrite is null)
        {
            ProposeResult result = _cluster.Propose(leader, 1, sizeof(ulong));
            _readsServedBefore = [.. _cluster.Nodes.Select(n => n.ReadsServed)];
            if (result.Outcome == ProposeOutcome.Accepted)
                _freshWrite = new LogPosition(result.FirstIndex, result.Term);
            return false;
        }

        if (!AllEqual(leader))
            return false;
        if (leader.Log.LastIndex < _freshWrite.Value.Index || _cluster.Ledger.TermAt(_freshWrite.Value.Index) != _freshWrite.Value.Term)
        {
            _freshWrite = null; // a late disturbance: another leader cut it off; write again
            return false;
        }

        bool allServed = true;
        foreach (CoreNode node in MembersOf(leader))
        {
            if (node.ReadsServed > _readsServedBefore[node.Number])
                continue;
            allServed = false;
            if (node.Reads.Count == 0)
                _cluster.Read(node, ReadMode.Linearizable); // the first, or one more after a refusal
        }

        return allServed && NothingPending(leader);
    }

    /// <summary>The leader of the latest term that all its members follow, or null. (Somebody who was removed without hearing of it may still believe to lead.)</summary>
    private CoreNode? Leader()
    {
        CoreNode? leader = null;
        foreach (CoreNode node in _cluster.Nodes)
        {
            CoreStatus status = node.Core!.Status;
            if (status.Role == RaftRole.Leader && (leader is null || status.HardState.Term > leader.Core!.Status.HardState.Term))
                leader = node;
        }

        return leader is not null && MembersOf(leader).All(n => n.Core!.Status.Leader == leader.Id) ? leader : null;
    }

    private bool AllEqual(CoreNode leader)
    {
        LogPosition last = leader.Log.Last;
        foreach (CoreNode node in MembersOf(leader))
        {
            CoreStatus status = node.Core!.Status;
            if (status.Last != last || status.HardState.Commit != last.Index || node.Applied != last.Index || status.Durable != last || node.State != leader.State)
                return false;
        }

        return last.Index >= _cluster.Ledger.LastCommitted;
    }

    private bool NothingPending(CoreNode leader)
    {
        foreach (CoreNode node in MembersOf(leader))
        {
            if (HasUndecidedProposal(node) || node.Reads.Count > 0 || node.ConfirmedReads.Count > 0 || node.Pending.Count > 0 || node.Unreported.Count > 0)
                return false;
            if (leader.Core!.ProgressOf(node.Id) is { } progress && (progress.InflightMessages > 0 || progress.Match != leader.Log.LastIndex))
                return false;
        }

        return leader.Core!.Status.UncommittedBytes == 0;
    }

    /// <summary>Proposals beyond the end of every log were cut off; nothing tells their clients but their own patience.</summary>
    private static bool HasUndecidedProposal(CoreNode node) =>
        node.Proposals.TryPeek(out LogPosition proposal, out _) && proposal.Index <= node.Applied;

    /// <summary>What no correct node sends: a snapshot of another term at an index that is committed. Whoever gets it must stop, for safety was lost somewhere.</summary>
    private void OfferForgedSnapshot()
    {
        CoreNode leader = Leader()!;
        if (MembersOf(leader).FirstOrDefault(node => node != leader) is not { } follower)
            return;
        LogPosition last = follower.Log.Last;
        CoreStatus status = follower.Core!.Status;
        var forged = new Message
        {
            Kind = MessageKind.Snapshot,
            Group = leader.Config.Group,
            From = leader.Id,
            To = follower.Id,
            Term = status.HardState.Term,
            Snapshot = new SnapshotMeta(last.Index, last.Term - 1, status.Configuration, follower.Core.ConfigurationIndex, status.LastLogTimeMs),
        };
        try
        {
            _cluster.DeliverSnapshot(forged);
        }
        catch (InvariantViolationException)
        {
            return;
        }

        throw new SimulationViolationException("I4", $"{follower} lets a snapshot of term {last.Term - 1} pass at {last.Index}, where it has committed an entry of term {last.Term}");
    }

    private void CheckForLeaks()
    {
        _cluster.Dispose();
        while (_events.TryTake(out _, out CoreEvent left))
        {
            if (left.Kind is CoreEventKind.Deliver or CoreEventKind.SnapshotArrives)
                _messages.Free((int)left.Detail);
        }

        if (_cluster.PayloadsOutstanding > 0)
            throw new SimulationViolationException("leak", $"{_cluster.PayloadsOutstanding} payloads are still referenced when everything that held them is gone");
    }

    private string Describe() => string.Join("; ", _cluster.Nodes.Select(node =>
    {
        CoreStatus status = node.Core!.Status;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{node} {status.Role} leader {status.Leader} term {status.HardState.Term} commit {status.HardState.Commit} last {status.Last} durable {status.Durable} applied {node.Applied} base {node.Log.Base} reads {node.Reads.Count}+{node.ConfirmedReads.Count} proposals {node.Proposals.Count} pending {node.Pending.Count} uncommitted {status.UncommittedBytes}B {status.Configuration}");
        foreach (CoreNode other in _cluster.Nodes)
        {
            if (node.Core.ProgressOf(other.Id) is { } p)
                text += string.Create(CultureInfo.InvariantCulture, $" ({other.Id}: {p.State} match {p.Match} next {p.Next} inflight {p.InflightMessages}{(p.Paused ? " paused" : "")})");
        }

        return text;
    }));
}
