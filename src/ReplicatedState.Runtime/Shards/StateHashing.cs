namespace ReplicatedState.Runtime.Shards;

/// <summary>Computes the hash of a machine's state, at the index at which it was lent.</summary>
internal sealed class StateHashing(GatedMachine machine) : MachineTask
{
    /// <summary>The hash.</summary>
    public UInt128 Hash { get; private set; }

    /// <inheritdoc/>
    public override void Run()
    {
        lock (machine.Gate)
            Hash = machine.Machine.ComputeStateHash();
    }

    /// <inheritdoc/>
    public override void Abandon(string why)
    {
        // Who waits for the hash waits at the replica.
    }
}
