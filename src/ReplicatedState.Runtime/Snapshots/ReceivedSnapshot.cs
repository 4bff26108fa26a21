using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>A snapshot that arrived whole, was checked, and lies durably in its place.</summary>
internal sealed record ReceivedSnapshot(RaftId From, StoredSnapshot File);
