using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Shards;

// Which machine version is in effect: what the log says. The cluster's records say which one shall be, and the leader brings the log there.
internal sealed partial class GroupReplica
{
    private long _nextActivationMs;
    private long _nextYieldMs;

    /// <summary>Proposes the entry from which on a version is in effect, if this node leads and there is none yet.</summary>
    public void Activate(int version)
    {
        if (!IsLeader || EffectiveVersion >= version || BinaryVersion < version)
            return;
        // Twice does no harm, because a version that isn't higher than the one in effect changes nothing.
        if (_core.Clock.MonotonicMs < _nextActivationMs || _node.IsSpaceLow)
            return;
        _nextActivationMs = _core.Clock.MonotonicMs + _node.Options.Raft.ElectionTimeoutMaxMs;
        var payload = new byte[VersionPayload.Size(version)];
        VersionPayload.Write(payload, version);
        ProposeOwn(EntryKind.Version, payload);
    }

    /// <summary>
    /// A leader whose binary lacks the version that shall be in effect hands over: its own machine halts, or has halted, and can't go on. It isn't kept from being elected, because it may be
    /// the only one whose log has everything that is committed; then it leads until another has that too.
    /// </summary>
    private void YieldWithoutVersion(long nowMs)
    {
        if (!IsLeader || nowMs < _nextYieldMs || BinaryVersion == 0 || BinaryVersion >= OrderedVersion)
            return;
        _nextYieldMs = nowMs + _node.Options.Raft.ElectionTimeoutMinMs;
        HandOver();
    }

    /// <summary>The version that shall be in effect, as far as this node has applied the cluster's records.</summary>
    private int OrderedVersion => _node.Cluster.Groups.TryGetValue(Description.Name, out ClusterGroup? group) ? group.MachineVersion : EffectiveVersion;

    /// <summary>The version in effect as far as it is known here; while a snapshot is being read, the one that the group began with.</summary>
    private int EffectiveVersion => Math.Max(Description.Genesis.MachineVersion, _machine.Position.MachineVersion);

    /// <summary>The newest version of the machine that this node's binary has; 0 where it lacks the machine.</summary>
    private int BinaryVersion => _node.DefinitionOf(Description.Machine)?.Manifest.Version ?? 0;

    /// <summary>A command of a version that isn't in effect is unknown to binaries that the cluster may still contain: it must not get into the log.</summary>
    private void RefuseCommandsAhead()
    {
        int version = EffectiveVersion;
        if (!IsLeader || !IsAnyAhead(version))
            return;
        int ordered = OrderedVersion;
        foreach (NodeRequest request in _arrived)
        {
            if (!IsAhead(request, version))
                continue;
            if (request.Since <= ordered)
                _completions.Refuse(request, ReplyStatus.Overloaded, $"Version {ordered} of the machine '{Description.Machine}' is being activated.");
            else
                _completions.Refuse(request, ReplyStatus.UnknownCommand, NotInEffect(request.Since, version));
        }

        _arrived.RemoveAll(request => IsAhead(request, version));
    }

    private bool IsAnyAhead(int version)
    {
        foreach (NodeRequest request in _arrived)
        {
            if (IsAhead(request, version))
                return true;
        }

        return false;
    }

    private static bool IsAhead(NodeRequest request, int version) => request.Kind == RequestKind.Command && request.Since > version;

    private string NotInEffect(int since, int version) =>
        $"The command, or an argument of it, came with version {since} of the machine '{Description.Machine}', and version {version} is in effect: an operator activates it once every node has a binary that knows it.";
}
