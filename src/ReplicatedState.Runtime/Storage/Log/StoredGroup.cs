using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>What a store knows of a group when it is opened.</summary>
/// <param name="HardState">Term, vote and commit.</param>
/// <param name="Base">The position below the first entry.</param>
/// <param name="LastIndex">The last entry; the base's index where there are none.</param>
/// <param name="Snapshot">The newest snapshot whose metadata is durable.</param>
public sealed record StoredGroup(HardState HardState, LogPosition Base, ulong LastIndex, SnapshotMeta Snapshot)
{
    /// <summary>Nothing.</summary>
    public static StoredGroup Empty { get; } = new(default, default, 0, SnapshotMeta.None);
}
