namespace ReplicatedState.Runtime.Administration;

/// <summary>What an operator asks.</summary>
/// <param name="Action">What shall be done.</param>
public sealed record AdministrationOrder(AdministrationAction Action)
{
    /// <summary>The machine instance, "system" for group 0; null for the only one. For transfers, snapshots and versions; members belong to all groups.</summary>
    public string? Group { get; init; }

    /// <summary>The member's name. For transfers the next leader's; null for whoever is closest.</summary>
    public string? Member { get; init; }

    /// <summary>AddMember: the node never votes, until it is promoted.</summary>
    public bool AsLearner { get; init; }

    /// <summary>RemoveMember: also where too few of the remaining voters are reachable.</summary>
    public bool Force { get; init; }

    /// <summary>ActivateVersion: the machine version; 2 or more.</summary>
    public int Version { get; init; }

    /// <summary>For how long the caller waits, in milliseconds; 1 or more.</summary>
    public int TimeoutMs { get; init; } = 30_000;
}
