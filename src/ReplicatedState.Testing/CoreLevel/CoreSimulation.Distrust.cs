using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

// Members that can't be trusted: nodes that are told not to lead, and nodes that restart on an older copy of their disk.
public sealed partial class CoreSimulation
{
    private const int AskAgainUs = 100_000;
    private CoreNode? _onOldDisk;

    private void Distrust()
    {
        Plan(CoreEventKind.Distrust, _options.DistrustEveryUs);
        CoreNode node = _random.Chance(700) ? _cluster.Nodes[_lastLeader] : AnyNode();
        if (!IsRunning(node))
            return;
        _cluster.AllowLeading(node, allow: false);
        _events.Add(_clock.NowUs + _random.Between(500_000, 8_000_000), new CoreEvent(CoreEventKind.Trust, node.Number, node.Incarnation));
    }

    private void Trust(CoreNode node, int incarnation)
    {
        if (!node.IsUp || node.Incarnation != incarnation)
            return; // a new life knows of nothing
        if (IsRunning(node))
            _cluster.AllowLeading(node, allow: true);
        else
            _events.Add(_clock.NowUs + AskAgainUs, new CoreEvent(CoreEventKind.Trust, node.Number, incarnation));
    }

    /// <summary>A member's acknowledgement has reached its leader: perhaps it is the last thing that was right about that member's disk.</summary>
    private void MayLoseWrites(CoreNode leader, CoreNode member)
    {
        if (!_faulty || _onOldDisk is not null || !leader.IsUp || leader.Core!.Status.Role != RaftRole.Leader || !IsRunning(member) || member.Clock.IsSuspended)
            return;
        bool isUncommitted = leader.Core.ProgressOf(member.Id) is { } progress && progress.Match > leader.Core.Status.HardState.Commit;
        if (!isUncommitted || !_random.Chance(_options.LoseWritesPerMille) || !_cluster.TryLoseWrites(member, leader))
            return;
        _onOldDisk = member;
        _stations[member.Number] = default;
        _events.Add(_clock.NowUs + _random.Between(200_000, 3_000_000), new CoreEvent(CoreEventKind.DiskBack, member.Number));
    }

    /// <summary>Whoever remembers that a member has lost something would never trust it again in its term, and is restarted.</summary>
    private void PutDiskBack()
    {
        if (_onOldDisk is not { } node)
            return;
        _onOldDisk = null;
        CoreCluster.PutRightDiskBack(node);
        Restart(node);
        foreach (CoreNode other in _cluster.Nodes)
        {
            if (other.Core?.ProgressOf(node.Id) is { HasLostEntries: true })
                Crash(other);
        }
    }

    private void TrustAll()
    {
        foreach (CoreNode node in _cluster.Nodes)
            _cluster.AllowLeading(node, allow: true);
    }
}
