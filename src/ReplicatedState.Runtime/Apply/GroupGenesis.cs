namespace ReplicatedState.Runtime.Apply;

/// <summary>What a group is born with. Equal on every replica, because it comes from the entry of the system group that creates the group.</summary>
/// <param name="Secret">Seeds the ids and random numbers of its commands.</param>
/// <param name="MachineVersion">The machine version in effect until an entry of the group activates another; 1 or more.</param>
/// <param name="Limits">What it remembers of its clients.</param>
public sealed record GroupGenesis(UInt128 Secret, int MachineVersion, SessionLimits Limits)
{
    /// <summary>The system group's, which no entry creates.</summary>
    public static GroupGenesis System { get; } = new(UInt128.Zero, 1, SessionLimits.Default);
}
