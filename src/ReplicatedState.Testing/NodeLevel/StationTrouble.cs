namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What the simulation has done to a machine, and what of it has been noticed.</summary>
internal sealed class StationTrouble
{
    private long _failedWritesSeen;
    private long _failedSyncsSeen;
    private long _writesWithoutSpaceSeen;

    /// <summary>The node has stopped itself, and its process ends soon.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Until when the disk is slow.</summary>
    public long SlowUntilUs { get; set; }

    /// <summary>Whether the node has been seen to refuse writes.</summary>
    public bool IsSpaceLow { get; set; }

    /// <summary>The disk no longer holds what was synced: the node may stop itself, and mustn't start again without complaint.</summary>
    public SimulatedFault? Damage { get; set; }

    /// <summary>The syncs of the log when a write went elsewhere; null before it has.</summary>
    public long? SyncsAtDamage { get; set; }

    /// <summary>The node is out of the cluster for good: it was damaged, and has said so.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Its state went wrong, and that was found.</summary>
    public bool WasFoundWrong { get; set; }

    /// <summary>What is found wrong on it isn't reinstalled by itself, from its next start on.</summary>
    public bool StaysInQuarantine { get; set; }

    /// <summary>Nobody starts it again.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether the disk has failed since it was last seen to.</summary>
    public bool HasNewFailure(SimulatedDisk disk) =>
        disk.FailedWrites > _failedWritesSeen || disk.FailedSyncs > _failedSyncsSeen || disk.WritesWithoutSpace > _writesWithoutSpaceSeen;

    /// <summary>The node has drawn the consequence.</summary>
    public void SeeFailures(SimulatedDisk disk, FaultCounts counts)
    {
        if (disk.FailedWrites > _failedWritesSeen)
            counts.Add(SimulatedFault.FailedWrite);
        if (disk.FailedSyncs > _failedSyncsSeen)
            counts.Add(SimulatedFault.FailedSync);
        if (disk.WritesWithoutSpace > _writesWithoutSpaceSeen)
            counts.Add(SimulatedFault.FullDisk);
        (_failedWritesSeen, _failedSyncsSeen, _writesWithoutSpaceSeen) = (disk.FailedWrites, disk.FailedSyncs, disk.WritesWithoutSpace);
    }

    /// <summary>The disk was replaced by an empty one.</summary>
    public void ForgetDisk() => _failedWritesSeen = _failedSyncsSeen = _writesWithoutSpaceSeen = 0;
}
