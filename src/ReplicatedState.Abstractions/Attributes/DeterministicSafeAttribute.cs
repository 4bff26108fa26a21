namespace ReplicatedState;

/// <summary>Says that code which the determinism rules would refuse gives the same result on every replica, and why. The rules (RSM1001 and following) look no further into it.</summary>
/// <param name="why">The reason, for whoever reads the code next. Nothing evaluates it.</param>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Constructor | AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field,
    Inherited = false)]
public sealed class DeterministicSafeAttribute(string why) : Attribute
{
    /// <summary>The reason.</summary>
    public string Why { get; } = why;
}
