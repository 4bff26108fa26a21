namespace ReplicatedState.Consensus;

/// <summary>What the log needs to know of a snapshot: where it stands and who the members were.</summary>
/// <param name="Index">The last entry that the snapshot covers; 0 where there is none.</param>
/// <param name="Term">That entry's term.</param>
/// <param name="Configuration">The configuration in force at that index.</param>
/// <param name="ConfigIndex">The index of the entry that carried it.</param>
/// <param name="LogTimeMs">The log time of that entry.</param>
public sealed record SnapshotMeta(ulong Index, ulong Term, Configuration Configuration, ulong ConfigIndex, long LogTimeMs)
{
    /// <summary>No snapshot: the log starts at 1.</summary>
    public static SnapshotMeta None { get; } = new(0, 0, Configuration.Empty, 0, 0);

    /// <summary>Where the log begins.</summary>
    public LogPosition Position => new(Index, Term);
}
