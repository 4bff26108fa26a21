using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;

namespace ReplicatedState.Runtime.Shards;

/// <summary>How far a machine has come.</summary>
internal readonly record struct MachinePosition(ulong Applied, long LogTimeMs, UInt128 ApplyHash, int MachineVersion, string? HaltReason, HashCheckpoint Spaced)
{
    /// <summary>Where a machine stands; only for whoever owns it at the moment.</summary>
    public static MachinePosition Of(GroupMachine machine) =>
        new(machine.AppliedIndex, machine.LogTimeMs, machine.ApplyHash, machine.MachineVersion, machine.HaltReason, machine.Checkpoints.Spaced);
}
