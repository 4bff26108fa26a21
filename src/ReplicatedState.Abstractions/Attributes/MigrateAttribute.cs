namespace ReplicatedState;

/// <summary>
/// Marks the instance method that takes the state from one machine version to the next. Every replica runs it at the same place of the log: at the entry that activates the version.
/// </summary>
/// <remarks>
/// It returns nothing and takes at most a <see cref="CommandContext"/>. It reads what the earlier version left, members that end with that version
/// (<see cref="StateAttribute.Until"/>) included, and writes the members that the new version adds (<see cref="StateAttribute.Since"/>), which have their initial value. Like a command it
/// must be deterministic. Where several versions are activated at once, their migrations run one after the other. If it throws, the machine halts before the entry on every replica, with
/// the state as it was: a binary with a better migration goes on from there.
/// </remarks>
/// <param name="from">The earlier version.</param>
/// <param name="to">The next version, <paramref name="from"/> + 1.</param>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class MigrateAttribute(int from, int to) : Attribute
{
    /// <summary>The earlier version.</summary>
    public int From { get; } = from;

    /// <summary>The next version.</summary>
    public int To { get; } = to;
}
