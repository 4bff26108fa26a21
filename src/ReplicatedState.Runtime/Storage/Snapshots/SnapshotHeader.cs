using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>What a snapshot file says about itself before its content.</summary>
/// <param name="ClusterGuid">The cluster: a file that was copied from another one is refused.</param>
/// <param name="Group">The group.</param>
/// <param name="Meta">Where the snapshot stands, and the configuration there.</param>
/// <param name="MachineName">The machine whose state it is.</param>
/// <param name="MachineVersion">The version of the machine that was effective at that index.</param>
public sealed record SnapshotHeader(Guid ClusterGuid, GroupId Group, SnapshotMeta Meta, string MachineName, int MachineVersion);
