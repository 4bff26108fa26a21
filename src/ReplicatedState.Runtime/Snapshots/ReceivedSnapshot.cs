using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Snapshots;

/// <summary>A snapshot that arrived whole and lies durably in its place, with its content read into memory.</summary>
internal sealed record ReceivedSnapshot(RaftId From, StoredSnapshot File, ReadOnlySequence<byte> Content);
