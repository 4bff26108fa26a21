namespace ReplicatedState;

/// <summary>Makes a partial class a replicated state machine: the generator adds its codecs, dispatch, snapshots and typed client.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ReplicatedStateMachineAttribute(string name) : Attribute
{
    /// <summary>The name of the machine in logs, metrics, snapshots and on the wire; it outlives a renaming of the class.</summary>
    public string Name { get; } = name;

    /// <summary>The version of commands, parameters and state that this source declares; 1 or more.</summary>
    public int Version { get; set; } = 1;
}
