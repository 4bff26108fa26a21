namespace ReplicatedState;

/// <summary>
/// Names a state member that the machine had once and nothing reads any more. Snapshots that still hold it are read and its value is dropped; without this they are refused. No other member
/// may take over the identity.
/// </summary>
/// <remarks>
/// It is for data that is given up. Data that moves elsewhere stays a member with <see cref="StateAttribute.Until"/>, and so does a member that nodes of an older binary still
/// keep: their hashes of the state count it.
/// </remarks>
/// <param name="name">The member's name, its <see cref="StateAttribute.Name"/> where it had one.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class RetiredStateAttribute(string name) : Attribute
{
    /// <summary>The member's name.</summary>
    public string Name { get; } = name;

    /// <summary>The number that identified the member, or 0 where its name did.</summary>
    public int Key { get; set; }
}
