namespace ReplicatedState;

/// <summary>
/// Says which machine version added a parameter to a command that existed before. Such parameters come last and have a default value. The client leaves them out where they have it, and a
/// command that carries one is refused until the version is in effect, so that no replica of an older binary ever meets an argument that it doesn't know.
/// </summary>
/// <param name="version">A version above the command's own <see cref="CommandAttribute.Since"/>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SinceAttribute(int version) : Attribute
{
    /// <summary>The machine version.</summary>
    public int Version { get; } = version;
}
