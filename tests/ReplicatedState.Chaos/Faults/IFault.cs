namespace ReplicatedState.Chaos.Faults;

/// <summary>One way to make things go wrong.</summary>
internal interface IFault
{
    FaultKind Kind { get; }

    /// <summary>Makes it go wrong for a while, and right again: also where the time is over in between.</summary>
    /// <returns>True where it really happened, and not only was tried.</returns>
    Task<bool> InflictAsync(Random random, CancellationToken stop);
}
