namespace ReplicatedState.Runtime.Shards;

/// <summary>Runs the migrations to a machine version on a copy of a machine's state. Costs what the activation will: a snapshot, a restore and the migrations themselves.</summary>
internal sealed class MigrationTrial(GatedMachine machine, int version) : MachineTask
{
    /// <summary>What went wrong; null where nothing did.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    public override void Run()
    {
        lock (machine.Gate)
            Failure = machine.Machine.TryMigrations(version);
    }

    /// <inheritdoc/>
    public override void Abandon(string why)
    {
        // Who waits for the trial waits at the replica.
    }
}
