using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What must hold between whole nodes, as their published status shows it: I1, I6, I11 and I12; what clients were told (I10, I16) is checked where it is told.</summary>
internal sealed class NodeInvariants
{
    private readonly Dictionary<(GroupId Group, ulong Applied), UInt128> _applyHashes = [];
    private readonly Dictionary<(GroupId Group, ulong Applied), int> _versions = [];
    private readonly Dictionary<(GroupId Group, ulong Term), RaftId> _leaders = [];
    private readonly Dictionary<(int Node, GroupId Group), ulong> _terms = [];
    private bool _anyWrong;
    private int _versionExpected = 1;

    /// <summary>A node lost power: a term that it had heard of and not yet stored is forgotten, and may be.</summary>
    public void OnCrash(int node)
    {
        foreach ((int Node, GroupId Group) key in _terms.Keys.Where(k => k.Node == node).ToList())
            _terms.Remove(key);
    }

    /// <summary>A command went wrong on a node. Called at once, before anybody is looked at again: others may have to doubt themselves until it is clear who is wrong, and may be looked at first.</summary>
    public void OnWentWrong() => _anyWrong = true;

    /// <summary>A machine version was ordered, or may take effect by itself: a binary that lacks it halts where it comes to it, and nowhere else.</summary>
    public void ExpectVersion(int version) => _versionExpected = version;

    /// <summary>Whether a group has the apply hash that was seen where nothing had gone wrong, at the same index; false where nobody was seen there.</summary>
    public bool IsKnownRight(GroupStatus group) => _applyHashes.TryGetValue((group.Group, group.Applied), out UInt128 right) && right == group.ApplyHash;

    /// <summary>Looks at one node.</summary>
    /// <param name="node">Which.</param>
    /// <param name="status">What it says of itself.</param>
    /// <param name="isWrong">A command went wrong on it, and it isn't right again.</param>
    /// <exception cref="SimulationViolationException">Something doesn't hold.</exception>
    public void Look(int node, NodeStatus status, bool isWrong = false)
    {
        if (status.Failure is { } failure)
            throw new SimulationViolationException("node", $"n{node + 1} stopped itself: {failure.Sentence} {failure.Cause}");
        foreach (GroupStatus group in status.Groups)
            Look(node, status.Identity!.RaftId, group, isWrong && group.Group != GroupId.System);
    }

    private void Look(int node, RaftId id, GroupStatus group, bool isWrong)
    {
        // Where one was wrong, others may have to doubt themselves until it is clear who. The system group's machine is never made to go wrong.
        bool mayDoubt = _anyWrong && group.Group != GroupId.System && group.Quarantine is not null;
        Holds(group.HaltReason is null || mayDoubt || LacksVersion(group), "I7", node, group, $"applies nothing more: {group.HaltReason}");
        LookAtVersion(node, group);
        Holds(group.Applied <= group.Commit, "I12", node, group, $"has applied {group.Applied} of {group.Commit} committed");
        Holds(group.SnapshotIndex <= group.LastIndex, "I12", node, group, $"has a snapshot at {group.SnapshotIndex} above its log's end at {group.LastIndex}");
        if (group.Role == RaftRole.Leader)
        {
            _leaders.TryAdd((group.Group, group.Term), id);
            Holds(_leaders[(group.Group, group.Term)] == id, "I1", node, group, $"leads term {group.Term}, which another node led");
        }

        if (!isWrong)
            LookAtHash(node, group);
        _terms.TryGetValue((node, group.Group), out ulong term);
        Holds(group.Term >= term, "I11", node, group, $"goes back from term {term} to {group.Term}");
        _terms[(node, group.Group)] = group.Term;
    }

    private void LookAtHash(int node, GroupStatus group)
    {
        _applyHashes.TryAdd((group.Group, group.Applied), group.ApplyHash);
        Holds(_applyHashes[(group.Group, group.Applied)] == group.ApplyHash, "I6", node, group, $"has another apply hash at {group.Applied} than another node, or than before");
    }

    /// <summary>Whether it says that it has stopped because its binary is older than the version in effect, and that can be.</summary>
    private bool LacksVersion(GroupStatus group) =>
        group.BinaryVersion > 0 && group.BinaryVersion < _versionExpected && group.Quarantine is null
        && group.HaltReason!.Contains($"machine version {_versionExpected} is in effect and this binary has version {group.BinaryVersion}", StringComparison.Ordinal);

    /// <summary>Which version is in effect at an index is the log's word alone, whatever the binary; and nothing is executed by a binary that lacks it.</summary>
    private void LookAtVersion(int node, GroupStatus group)
    {
        if (group.Applied == 0 || group.MachineVersion == 0 || group.Group == GroupId.System)
            return;
        _versions.TryAdd((group.Group, group.Applied), group.MachineVersion);
        Holds(_versions[(group.Group, group.Applied)] == group.MachineVersion, "version", node, group, $"has version {group.MachineVersion} in effect at {group.Applied}, and another node has version {_versions[(group.Group, group.Applied)]} there");
        Holds(group.MachineVersion <= group.BinaryVersion || group.HaltReason is not null, "version", node, group, $"goes on by a binary of version {group.BinaryVersion} although version {group.MachineVersion} is in effect");
    }

    private static void Holds(bool condition, string invariant, int node, GroupStatus group, string sentence)
    {
        if (!condition)
            throw new SimulationViolationException(invariant, $"group '{group.Name}' of n{node + 1} {sentence}");
    }
}
