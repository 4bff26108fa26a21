using System.Globalization;
using ReplicatedState.AspNetCore.Configuration;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.AspNetCore.Status;

/// <summary>Puts what the node says of itself into the shape of the HTTP interface.</summary>
internal sealed class StatusReporter(NodeConfiguration configuration, ReplicatedNode node)
{
    /// <summary>The node at this moment. A state hash costs a walk over the whole state, so it is only there when asked for.</summary>
    public async Task<StatusReport> ReportAsync(bool withStateHash, CancellationToken cancellationToken)
    {
        NodeStatus status = node.Status;
        GroupStatus[] groups = [.. status.Groups];
        if (withStateHash)
        {
            for (int i = 0; i < groups.Length; i++)
                groups[i] = await GroupInspection.RunAsync(node, groups[i].Name, cancellationToken).ConfigureAwait(false) ?? groups[i];
        }

        GroupStatus? main = MainOf(groups);
        GroupReport[] reports = [.. groups.Select(ReportOf)];
        GroupReport? mainReport = main is null ? null : reports[Array.IndexOf(groups, main)];
        int active = status.Members.Count(member => member.IsConnected);
        return new StatusReport(
            new StatsReport(
                configuration.NodeName,
                status.ClusterLabel,
                status.Identity?.RaftId.ToString(),
                Lower(status.State),
                status.Failure?.Sentence,
                mainReport?.Role ?? "none",
                mainReport?.Term ?? 0,
                mainReport?.LeaderId,
                mainReport?.CommitIndex ?? 0,
                mainReport?.LastApplied ?? 0,
                mainReport?.LastLogIndex ?? 0,
                status.Members.Count,
                active,
                mainReport?.HasQuorum ?? false,
                status.PendingRequests,
                status.IsSpaceLow,
                status.LowSpace,
                status.Syncs,
                status.PersistedOperations,
                status.OpenResults,
                status.OpenResultBytes),
            new ClusterReport(
                status.ClusterLabel,
                status.Identity?.ClusterGuid?.ToString(),
                mainReport?.LeaderId,
                mainReport?.Term ?? 0,
                [.. status.Members.Select(member => ReportOf(member, main))],
                status.Members.Count,
                active,
                mainReport?.HasQuorum ?? false,
                mainReport?.CommitIndex ?? 0,
                mainReport?.LastApplied ?? 0),
            mainReport?.Replication ?? [],
            reports);
    }

    /// <summary>The only machine's group; the system group where there are several.</summary>
    private static GroupStatus? MainOf(GroupStatus[] groups)
    {
        GroupStatus[] machines = [.. groups.Where(group => group.Group != GroupId.System)];
        return machines.Length == 1 ? machines[0] : groups.FirstOrDefault();
    }

    private static MemberReport ReportOf(MemberStatus member, GroupStatus? group) => new(
        member.Name,
        member.Id.ToString(),
        member.PeerAddress,
        member.HttpAddress,
        group is null ? "none" : member.Id == group.Leader ? "leader" : group.Configuration.IsVoter(member.Id) ? "follower" : "learner",
        member.IsConnected ? "active" : "inactive",
        member.Machines.ToDictionary(static machine => machine.Name, static machine => machine.Version));

    private static GroupReport ReportOf(GroupStatus group) => new(
        group.Group.Value,
        group.Name,
        group.Machine,
        group.MachineVersion,
        group.BinaryVersion,
        Lower(group.Role),
        group.Term,
        group.LeaderName,
        group.LeaderAddress,
        group.Commit,
        group.Applied,
        group.FirstIndex,
        group.LastIndex,
        group.SnapshotIndex,
        group.SnapshotsInstalled,
        DateTimeOffset.FromUnixTimeMilliseconds(group.LogTimeMs),
        Hex(group.ApplyHash),
        group.StateHash is { } hash ? Hex(hash) : null,
        group.HaltReason,
        group.Quarantine,
        group.ClockAlarm,
        HasQuorum(group),
        [.. group.Peers.Select(peer => new ReplicationReport(
            peer.Name ?? peer.Id.ToString(),
            peer.Next,
            peer.Match,
            group.LastIndex > peer.Match ? group.LastIndex - peer.Match : 0,
            Lower(peer.State),
            peer.RecentlyActive,
            peer.Refusal,
            peer.Distrust))]);

    /// <summary>A leader counts who answered lately; others take its word, by having heard from it.</summary>
    private static bool HasQuorum(GroupStatus group)
    {
        if (group.Role != RaftRole.Leader)
            return !group.Leader.IsNone;
        int voters = group.Configuration.Voters.Length;
        int active = 1 + group.Peers.Count(peer => peer.RecentlyActive && group.Configuration.Voters.Contains(peer.Id));
        return active > voters / 2;
    }

    private static string Hex(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);

    private static string Lower<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();
}
