namespace ReplicatedState;

/// <summary>The asked node doesn't lead the group. The call was not executed.</summary>
public sealed class NotLeaderException(string message, string? leaderName = null, string? leaderAddress = null)
    : ConsensusException("CONSENSUS_NOT_LEADER", message)
{
    /// <summary>The name of the node that leads, as far as the asked node knows.</summary>
    public string? LeaderName { get; } = leaderName;

    /// <summary>The address of that node for peers and gRPC clients, <c>host:port</c>.</summary>
    public string? LeaderAddress { get; } = leaderAddress;

    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
