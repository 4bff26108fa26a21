using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Snapshots;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Runtime.Shards;

/// <summary>Writes a machine's state into memory. The machine stands still meanwhile; the shard doesn't.</summary>
internal sealed class StateCapture(GatedMachine machine, SnapshotHeader header, IClock clock) : MachineTask
{
    /// <summary>What the file will say of itself.</summary>
    public SnapshotHeader Header { get; } = header;

    /// <summary>The state; whoever saves it takes it over.</summary>
    public SnapshotBuffer Buffer { get; } = new();

    /// <summary>How long the machine stood still, in microseconds.</summary>
    public long PauseUs { get; private set; }

    /// <inheritdoc/>
    public override void Run()
    {
        long began = clock.MonotonicUs;
        lock (machine.Gate)
            machine.Machine.WriteSnapshot(Buffer);
        PauseUs = clock.MonotonicUs - began;
    }

    /// <inheritdoc/>
    public override void Abandon(string why) => Buffer.Dispose();
}
