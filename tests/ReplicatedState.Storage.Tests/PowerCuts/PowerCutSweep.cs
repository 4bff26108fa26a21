using ReplicatedState.Runtime.Storage;
using ReplicatedState.Testing;

namespace ReplicatedState.Storage.Tests.PowerCuts;

/// <summary>The power is cut at one operation of the disk after the other, and each time the log that is found is compared with every state it may have.</summary>
/// <param name="open">Opens the store on a disk.</param>
/// <param name="steps">How long a life is, in syncs.</param>
internal sealed class PowerCutSweep(Func<IDisk, ILogStore> open, int steps)
{
    /// <summary>The operations of an undisturbed life.</summary>
    public long CountOperations(ulong seed)
    {
        var disk = new SimulatedDisk(seed);
        using ILogStore store = open(disk);
        var workload = new LogWorkload(seed);
        workload.Run(store, steps);
        workload.Verify(store);
        return disk.Operations;
    }

    /// <summary>Cuts the power at every operation, or leaves out up to some between two cuts; returns how many cuts.</summary>
    public int Run(ulong seed, int strideMax)
    {
        long operations = CountOperations(seed);
        var random = new SeededRandom(seed);
        int cuts = 0;
        for (long cutAt = 1; cutAt <= operations; cutAt += random.Between(1, strideMax))
        {
            CutAt(seed, cutAt);
            cuts++;
        }

        return cuts;
    }

    private void CutAt(ulong seed, long cutAt)
    {
        var disk = new SimulatedDisk(seed * 1_000_003 + (ulong)cutAt) { CutPowerAt = cutAt };
        var workload = new LogWorkload(seed);
        Live(disk, workload);
        Assert.True(disk.IsOff, "the run ended before the power cut");
        try
        {
            using (ILogStore recovered = Recover(disk, cutAt))
            {
                workload.Verify(recovered);
                workload.ContinueFrom(recovered);
                disk.CutPowerAt = disk.Operations + 1 + (cutAt % 97);
                LiveOn(recovered, workload);
            }

            if (!disk.IsOff)
                disk.CutPower();
            using ILogStore again = Recover(disk, cutAt + 1);
            workload.Verify(again);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"seed {seed}, cut at operation {cutAt} ({disk.LastOperation}): {error.Message}", error);
        }
    }

    private void Live(SimulatedDisk disk, LogWorkload workload)
    {
        try
        {
            using ILogStore store = open(disk);
            workload.Run(store, steps);
        }
        catch (StorageFailedException) when (disk.IsOff)
        {
        }
    }

    private void LiveOn(ILogStore store, LogWorkload workload)
    {
        try
        {
            workload.Run(store, steps / 4);
        }
        catch (StorageFailedException)
        {
            // The power went off again; the test goes on with what is left.
        }
    }

    /// <summary>Opens what the power cut left; every third time the power fails once more while the store recovers.</summary>
    private ILogStore Recover(SimulatedDisk disk, long variation)
    {
        disk.PowerOn();
        if (variation % 3 == 0)
        {
            disk.CutPowerAt = disk.Operations + 1 + (variation % 23);
            try
            {
                ILogStore store = open(disk);
                disk.CutPowerAt = null;
                return store;
            }
            catch (StorageFailedException) when (disk.IsOff)
            {
                disk.PowerOn();
            }
        }

        return open(disk);
    }
}
