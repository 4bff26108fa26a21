using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Who a data directory is. A directory that was wiped is somebody else, whatever its configured name says.</summary>
/// <param name="ClusterGuid">The cluster that the node belongs to; null until formation or joining has told.</param>
/// <param name="Epoch">Counts the times that the cluster was recovered by force; members of an older epoch are refused.</param>
/// <param name="RaftId">The random number that was drawn when the directory was formatted.</param>
/// <param name="Name">The configured name, for people.</param>
public sealed record NodeIdentity(Guid? ClusterGuid, uint Epoch, RaftId RaftId, string Name);
