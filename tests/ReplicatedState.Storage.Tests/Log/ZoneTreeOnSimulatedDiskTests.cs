using ReplicatedState.Runtime.Storage;
using ReplicatedState.Storage.ZoneTree;
using ReplicatedState.Testing;

namespace ReplicatedState.Storage.Tests.Log;

public sealed class ZoneTreeOnSimulatedDiskTests : LogStoreConformance
{
    private readonly SimulatedDisk _disk = new(1);

    protected override ILogStore Open() => ZoneTreeLogStore.Open(_disk, "/data/raft", new ZoneTreeLogStoreOptions { SegmentBytes = 64 * 1024, FrozenBytesMax = 128 * 1024, ZeroFillBytes = 16 * 1024 });
}
