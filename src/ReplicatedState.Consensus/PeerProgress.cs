namespace ReplicatedState.Consensus;

/// <summary>What a leader knows of one member.</summary>
/// <param name="Match">The last index known to be durable there.</param>
/// <param name="Next">The next index to send.</param>
/// <param name="State">How it is being served.</param>
/// <param name="PendingSnapshot">In <see cref="ProgressState.Snapshot"/>: the index of the snapshot on its way.</param>
/// <param name="RecentlyActive">Heard from within the current election timeout.</param>
/// <param name="Paused">Nothing more is sent until it answers.</param>
/// <param name="InflightMessages">Appends on their way.</param>
/// <param name="InflightBytes">Their bytes.</param>
/// <param name="WallClockMs">What its wall clock shows now, judged by its last report; null where it never reported.</param>
public readonly record struct PeerProgress(
    ulong Match,
    ulong Next,
    ProgressState State,
    ulong PendingSnapshot,
    bool RecentlyActive,
    bool Paused,
    int InflightMessages,
    long InflightBytes,
    long? WallClockMs)
{
    /// <summary>It holds less than it acknowledged in this term, and counts for nothing.</summary>
    public bool HasLostEntries { get; init; }
}
