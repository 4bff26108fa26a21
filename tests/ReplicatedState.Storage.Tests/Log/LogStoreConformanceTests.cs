using ReplicatedState.Runtime.Storage;
using ReplicatedState.Storage.ZoneTree;
using ReplicatedState.Testing;

namespace ReplicatedState.Storage.Tests.Log;

/// <summary>Every store under the suite that anybody's store can be put under.</summary>
public sealed class LogStoreConformanceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SimulatedDisk _disk = new(1);

    public static TheoryData<string> Checks => [.. LogStoreConformance.Checks];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Checks))]
    public void ZoneTree_on_a_real_disk_conforms(string check) => new LogStoreConformance(() => ZoneTreeLogStore.Open(
        LocalDisk.ForThisSystem(), _directory, new ZoneTreeLogStoreOptions { SegmentBytes = 128 * 1024, FrozenBytesMax = 256 * 1024, ZeroFillBytes = 64 * 1024 })).Run(check);

    [Theory]
    [MemberData(nameof(Checks))]
    public void ZoneTree_on_the_simulated_disk_conforms(string check) => new LogStoreConformance(() => ZoneTreeLogStore.Open(
        _disk, "/data/raft", new ZoneTreeLogStoreOptions { SegmentBytes = 64 * 1024, FrozenBytesMax = 128 * 1024, ZeroFillBytes = 16 * 1024 })).Run(check);

    [Theory]
    [MemberData(nameof(Checks))]
    public void The_journal_on_a_real_disk_conforms(string check) => new LogStoreConformance(() => JournalLogStore.Open(
        LocalDisk.ForThisSystem(), _directory, new JournalLogStoreOptions { SegmentBytes = 128 * 1024, ZeroFillBytes = 32 * 1024, GatheredBytesMax = 8 * 1024 })).Run(check);

    [Theory]
    [MemberData(nameof(Checks))]
    public void The_journal_on_the_simulated_disk_conforms(string check) => new LogStoreConformance(() => JournalLogStore.Open(
        _disk, "/data/raft", new JournalLogStoreOptions { SegmentBytes = 64 * 1024, ZeroFillBytes = 16 * 1024, GatheredBytesMax = 4 * 1024 })).Run(check);

    [Theory]
    [MemberData(nameof(Checks))]
    public void The_memory_store_conforms_but_for_durability(string check) => new LogStoreConformance(() => new MemoryLogStore(), isDurable: false).Run(check);

    [Fact]
    public void A_store_that_does_not_conform_is_told_what_it_did() =>
        Assert.Contains("the last index: expected 3, found 0", Assert.Throws<ConformanceException>(
            () => new LogStoreConformance(() => new MemoryLogStore()).Run("Entries come back as they were written")).Message, StringComparison.Ordinal);
}
