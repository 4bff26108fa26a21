using ReplicatedState.Runtime.Storage;
using ReplicatedState.Storage.ZoneTree;

namespace ReplicatedState.Storage.Tests.Log;

public sealed class ZoneTreeOnRealDiskTests : LogStoreConformance
{
    private readonly TemporaryDirectory _directory = new();

    protected override ILogStore Open() =>
        ZoneTreeLogStore.Open(LocalDisk.ForThisSystem(), _directory, new ZoneTreeLogStoreOptions { SegmentBytes = 128 * 1024, FrozenBytesMax = 256 * 1024, ZeroFillBytes = 64 * 1024 });

    protected override void Close() => _directory.Dispose();
}
