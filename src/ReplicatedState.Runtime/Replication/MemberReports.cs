using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Replication;

/// <summary>What a leader was told by the other members about themselves, and which of them are around.</summary>
/// <param name="freshMs">A member that takes no entries says so again and again, and one that is around answers heartbeats; after so long without, neither holds any more.</param>
internal sealed class MemberReports(long freshMs)
{
    private readonly Dictionary<RaftId, (ReplicaReport Report, long AtMs)> _reports = [];
    private readonly Dictionary<RaftId, long> _seenAtMs = [];

    /// <summary>A member spoke.</summary>
    public void Take(RaftId from, in ReplicaReport report, long nowMs) => _reports[from] = (report, nowMs);

    /// <summary>Another term, or another leader: everybody says it anew.</summary>
    public void Clear()
    {
        _reports.Clear();
        _seenAtMs.Clear();
    }

    /// <summary>A member was heard from. The core's own mark starts anew with each check of the quorum, so it is looked at often and remembered here.</summary>
    public void Saw(RaftId member, long nowMs) => _seenAtMs[member] = nowMs;

    /// <summary>Whether a member was heard from lately.</summary>
    public bool IsAround(RaftId member, long nowMs) => _seenAtMs.TryGetValue(member, out long at) && nowMs - at < freshMs;

    /// <summary>Where a member's newest snapshot stands; 0 where it said nothing.</summary>
    public ulong SnapshotIndexOf(RaftId member) => _reports.TryGetValue(member, out (ReplicaReport Report, long) heard) ? heard.Report.SnapshotIndex : 0;

    /// <summary>The last that a member said of itself in this term; default where it said nothing.</summary>
    public ReplicaReport Of(RaftId member) => _reports.TryGetValue(member, out (ReplicaReport Report, long) heard) ? heard.Report : default;

    /// <summary>What a member's machine is worth, as it last said.</summary>
    public ReplicaStanding StandingOf(RaftId member) => Of(member).Standing;

    /// <summary>Why a member takes no entries; null where it does, as far as known.</summary>
    public string? RefusalOf(RaftId member, long nowMs) =>
        _reports.TryGetValue(member, out (ReplicaReport Report, long AtMs) heard) && heard.Report.Refusal is { Length: > 0 } && nowMs - heard.AtMs < freshMs
            ? heard.Report.Refusal
            : null;
}
