using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.Tests.Log;

public sealed class MemoryLogStoreTests : LogStoreConformance
{
    protected override bool IsDurable => false;

    protected override ILogStore Open() => new MemoryLogStore();
}
