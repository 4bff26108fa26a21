namespace ReplicatedState.Testing.Exhaustive;

/// <summary>One thing that happens.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">To which node, by number.</param>
/// <param name="Detail">The place of the message among those on their way, or how many unsynced writes survive the crash.</param>
internal readonly record struct ExhaustiveStep(ExhaustiveStepKind Kind, byte Node, ushort Detail = 0);

/// <summary>The kinds of steps.</summary>
internal enum ExhaustiveStepKind : byte
{
    /// <summary>A node's election timer runs out.</summary>
    Campaign,

    /// <summary>A message arrives.</summary>
    Deliver,

    /// <summary>A message is lost.</summary>
    Lose,

    /// <summary>A message arrives, and will once more, whenever.</summary>
    Double,

    /// <summary>A message lets others overtake it, and arrives whenever.</summary>
    Delay,

    /// <summary>The oldest write of a node becomes durable, and its core hears of it.</summary>
    Sync,

    /// <summary>A node loses power and starts again.</summary>
    Crash,

    /// <summary>A client proposes a command.</summary>
    Propose,

    /// <summary>A leader sends heartbeats.</summary>
    Heartbeat,

    /// <summary>A client asks for a read.</summary>
    Read,
}
