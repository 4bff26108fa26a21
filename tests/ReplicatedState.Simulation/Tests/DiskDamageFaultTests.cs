using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>The fault that flips a bit of a disk flips one that the node can notice; one that nobody could tell from a torn end would be taken for a broken promise.</summary>
public sealed class DiskDamageFaultTests
{
    private static readonly JournalLogStoreOptions Sizes = new() { SegmentBytes = 4096, ZeroFillBytes = 8 * 1024 };

    [Fact]
    public void A_bit_is_flipped_only_where_the_journal_can_tell_damage_from_a_torn_end()
    {
        int flips = 0;
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var disk = new SimulatedDisk(seed);
            WriteJournal(disk, batches: 1 + (int)(seed % 40));
            disk.CutPower(); // the head of the next batch, which isn't synced, may be torn by it
            disk.PowerOn();
            if (!DiskDamageFault.FlipSyncedBit(disk, new SeededRandom(seed)))
                continue;
            flips++;
            string? refusal = RefusalOf(disk);
            Assert.True(refusal?.Contains("damaged", StringComparison.Ordinal) == true, $"seed {seed}: {refusal ?? "the journal opens"}");
        }

        Assert.True(flips > 200, $"{flips} of 300 disks were damaged");
    }

    private static void WriteJournal(SimulatedDisk disk, int batches)
    {
        JournalLogStore store = JournalLogStore.Open(disk, DiskDamageFault.LogPath, Sizes);
        for (ulong index = 1; index <= (ulong)batches; index++)
        {
            var entry = new Entry(index, 1, EntryKind.Command, 0, Payload.Of(new byte[8]));
            store.Write(new GroupId(1), new Persist { HardState = new HardState(1, RaftId.None, index - 1), Entries = { entry } });
            store.Sync();
            store.Maintain();
        }
    }

    private static string? RefusalOf(SimulatedDisk disk)
    {
        try
        {
            JournalLogStore.Open(disk, DiskDamageFault.LogPath, Sizes).Dispose();
            return null;
        }
        catch (StorageFailedException refusal)
        {
            return refusal.Message;
        }
    }
}
