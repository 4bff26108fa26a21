using ReplicatedState.Storage.ZoneTree;

namespace ReplicatedState.Storage.Tests.PowerCuts;

/// <summary>ZoneTree runs threads of its own elsewhere, so every operation of its disk is a point to cut at, and a run must be the same each time.</summary>
public sealed class ZoneTreePowerCutTests
{
    // Small enough that a run goes through many journal files, segments and merges.
    private static readonly ZoneTreeLogStoreOptions Small = new()
    {
        SegmentBytes = 6 * 1024, FrozenBytesMax = 24 * 1024, JournalFileBytes = 10 * 1024, ZeroFillBytes = 4 * 1024, BlockBytes = 1024, MergeOnOwnThread = false,
    };

    private static readonly PowerCutSweep Sweep = new(disk => ZoneTreeLogStore.Open(disk, "/data/raft", Small), steps: 60);

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 4).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_power_cut_at_any_operation_loses_nothing_that_was_acknowledged(ulong seed) => Assert.True(Sweep.Run(seed, strideMax: 20) > 10);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_run_is_the_same_each_time(ulong seed) => Assert.Equal(Sweep.CountOperations(seed), Sweep.CountOperations(seed));
}
