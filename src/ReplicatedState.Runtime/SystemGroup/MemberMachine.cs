namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>A machine type in a member's binary. A version may be activated once every member has it.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Version">The version of its source.</param>
/// <param name="SchemaHash">The hash of its manifest.</param>
public sealed record MemberMachine(string Name, int Version, ulong SchemaHash)
{
    /// <summary>What a member says of one of its definitions.</summary>
    public static MemberMachine Of(StateMachineDefinition definition) =>
        new(definition.Manifest.Name, definition.Manifest.Version, definition.Manifest.SchemaHash);
}
