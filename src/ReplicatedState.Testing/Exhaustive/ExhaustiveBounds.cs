namespace ReplicatedState.Testing.Exhaustive;

/// <summary>What may happen at most in one searched schedule. Within the bounds everything that can happen is tried, in every order.</summary>
internal sealed record ExhaustiveBounds
{
    /// <summary>How many nodes, all of them voters.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Terms that may begin after the first, in which the group was formed: a node whose term is the last one campaigns no more.</summary>
    public int Terms { get; init; } = 3;

    /// <summary>Commands that clients propose, each to any node that believes to lead.</summary>
    public int Commands { get; init; } = 2;

    /// <summary>
    /// Crashes of any node, each with any prefix of its unsynced writes surviving, followed by a restart. A longer outage is the same as messages that take longer.
    /// </summary>
    public int Crashes { get; init; } = 1;

    /// <summary>Messages that are lost, that arrive and will once more at any time, or that any others may overtake.</summary>
    public int NetworkFaults { get; init; } = 1;

    /// <summary>Whether messages from one node to another arrive in the order in which they left; otherwise in any order, which is no fault then.</summary>
    public bool OrderedLinks { get; init; } = true;

    /// <summary>Rounds of heartbeats.</summary>
    public int Heartbeats { get; init; }

    /// <summary>Linearizable reads that clients ask any node for.</summary>
    public int Reads { get; init; }

    /// <summary>Whether the end of a write is an event of its own, so that anything can happen before it; otherwise every write is durable at once.</summary>
    public bool SlowDisks { get; init; } = true;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Nodes} nodes, {Terms} terms, {Commands} commands, {Crashes} crashes, {NetworkFaults} network faults, {Heartbeats} heartbeats, {Reads} reads, "
        + $"{(OrderedLinks ? "ordered" : "unordered")} links, {(SlowDisks ? "slow" : "quick")} disks";
}
