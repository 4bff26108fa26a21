namespace ReplicatedState;

/// <summary>Marks a field or property of a machine that snapshots leave out, because it is derived or constant.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
public sealed class TransientAttribute : Attribute;
