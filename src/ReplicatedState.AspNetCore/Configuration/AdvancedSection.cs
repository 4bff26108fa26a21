namespace ReplicatedState.AspNetCore;

/// <summary>Keys <c>advanced.*</c>.</summary>
public sealed class AdvancedSection
{
    /// <summary>Whether leaders may hold leases, so that queries at <see cref="ReadConsistency.Lease"/> needn't wait for a majority. Null: where <see cref="RaftSection.LeaderLeaseTimeout"/> is set.</summary>
    public bool? EnableLeasedReads { get; set; }
}
