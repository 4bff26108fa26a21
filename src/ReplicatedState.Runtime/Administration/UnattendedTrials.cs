using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Administration;

/// <summary>The trials of versions that shall take effect without an operator's order. One that fails is repeated after a while, because the state goes on. Owned by the supervisor.</summary>
internal sealed class UnattendedTrials(NodeContext node)
{
    private const int RepeatAfterMs = 60_000;
    private readonly Dictionary<string, (int Version, VersionTrial Trial, long EndedAtMs)> _trials = new(StringComparer.Ordinal);

    /// <summary>Whether a version may be activated. Begins a trial where there is none.</summary>
    public bool HasPassed(ClusterGroup group, int version, long nowMs)
    {
        if (!_trials.TryGetValue(group.Name, out (int Version, VersionTrial Trial, long EndedAtMs) last)
            || last.Version != version
            || (last.EndedAtMs != 0 && nowMs - last.EndedAtMs >= RepeatAfterMs))
        {
            last = (version, VersionTrial.Begin(node, group.Machine, node.ReplicaOf(group.Id), version), 0);
            _trials[group.Name] = last;
        }

        if (!last.Trial.IsDone)
            return false;
        if (last.Trial.Failure is not { } failure)
            return true;
        if (last.EndedAtMs == 0)
        {
            _trials[group.Name] = last with { EndedAtMs = nowMs };
            node.Log.VersionNotActivated(version, group.Machine, group.Name, failure);
        }

        return false;
    }
}
