using System.Collections.Immutable;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>A complete, durable snapshot file.</summary>
/// <param name="Header">What it holds.</param>
/// <param name="Path">Where it is.</param>
/// <param name="SizeBytes">The size of the whole file: what travels when it is sent.</param>
/// <param name="Sha256">The hash over all before the footer; with index and term it identifies the file between nodes.</param>
public sealed record StoredSnapshot(SnapshotHeader Header, string Path, long SizeBytes, ImmutableArray<byte> Sha256)
{
    internal bool IsOf(GroupId group, LogPosition position) => Header.Group == group && Header.Meta.Position == position;
}
