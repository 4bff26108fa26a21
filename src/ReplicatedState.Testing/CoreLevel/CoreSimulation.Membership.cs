using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

// Operators who add, promote, demote, replace and remove members, also while everything else goes wrong, some of them with an outdated view.
public sealed partial class CoreSimulation
{
    private void Reconfigure()
    {
        if (!_faulty)
            return;
        Plan(CoreEventKind.Reconfigure, _options.ReconfigureEveryUs);
        CoreNode node = _random.Chance(900) ? _cluster.Nodes[_lastLeader] : AnyNode();
        if (!IsRunning(node))
            return;
        ulong index = node.Core!.ConfigurationIndex;
        ConfigResult result = _cluster.Reconfigure(node, DrawChange(), _random.Chance(50) ? index - Math.Min(index, 1) : index);
        _trace.Add(((ulong)result.Outcome << 32) ^ ((ulong)result.Reason << 40) ^ result.ConfigIndex);
        _reconfigurations += result.Outcome == ConfigOutcome.Accepted ? 1 : 0;
    }

    private ConfigChange DrawChange()
    {
        switch (_random.Next(8))
        {
            case 0:
            case 1:
                return ConfigChange.AddLearner(AnyNode().Id, promoteWhenCaughtUp: true);
            case 2:
                return ConfigChange.AddLearner(AnyNode().Id);
            case 3:
                return ConfigChange.Promote(AnyNode().Id);
            case 4:
                return ConfigChange.Remove(AnyNode().Id);
            case 5:
                return ConfigChange.Replace(AnyNode().Id, AnyNode().Id);
            case 6:
                return ConfigChange.Leave;
            default:
                var members = new MemberChange[_random.Between(1, 4)];
                for (int i = 0; i < members.Length; i++)
                    members[i] = new MemberChange(AnyNode().Id, (MemberRole)_random.Between(0, 3));
                return new ConfigChange([.. members], (ConfigTransition)_random.Between(0, 2));
        }
    }

    /// <summary>The members by the configuration of a node.</summary>
    private IEnumerable<CoreNode> MembersOf(CoreNode node)
    {
        Configuration configuration = node.Core!.Status.Configuration;
        return _cluster.Nodes.Where(other => configuration.IsMember(other.Id));
    }

    /// <summary>No change is left half done: what nobody else does, the operator does now.</summary>
    private bool IsSettled(CoreNode leader)
    {
        Configuration configuration = leader.Core!.Status.Configuration;
        if (configuration.IsJoint && !configuration.AutoLeave)
            _cluster.Reconfigure(leader, ConfigChange.Leave, leader.Core.ConfigurationIndex);
        return !configuration.IsJoint && configuration.AutoPromote.IsEmpty && configuration.IsVoter(leader.Id);
    }
}
