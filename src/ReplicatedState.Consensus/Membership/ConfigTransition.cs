namespace ReplicatedState.Consensus;

/// <summary>How one configuration follows another.</summary>
public enum ConfigTransition : byte
{
    /// <summary>At once where at most one voter differs; else through a joint configuration that the leader leaves by itself.</summary>
    Auto = 0,

    /// <summary>Through a joint configuration, which the leader leaves by itself when it is committed.</summary>
    Joint = 1,

    /// <summary>Through a joint configuration that stays in force until <see cref="Leave"/> is asked for.</summary>
    JointUntilLeft = 2,

    /// <summary>Out of a joint configuration.</summary>
    Leave = 3,
}
