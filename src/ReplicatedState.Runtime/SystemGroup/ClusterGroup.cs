using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;

namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>A group that an entry of the system group created: one instance of a machine.</summary>
/// <param name="Id">Given out in order, never again.</param>
/// <param name="Name">The instance's name, by which clients ask for it.</param>
/// <param name="Machine">The name of its machine type.</param>
/// <param name="Genesis">What its replicas start with.</param>
/// <param name="CreatedAt">The index of the entry of the system group that created it.</param>
/// <param name="FirstConfiguration">The cluster's members at that index: the configuration that its log begins with.</param>
public sealed record ClusterGroup(GroupId Id, string Name, string Machine, GroupGenesis Genesis, ulong CreatedAt, Configuration FirstConfiguration)
{
    /// <summary>The machine version that shall be in effect. The group's leader activates it by an entry of the group's own log, which is what counts there.</summary>
    public int MachineVersion { get; init; } = Genesis.MachineVersion;
}
