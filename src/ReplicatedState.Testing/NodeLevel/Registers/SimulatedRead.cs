namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A client's query: how recent it wants the state, and so what it must see.</summary>
/// <param name="Consistency">What it asks for.</param>
/// <param name="MustSeeTotal">So many executed commands at least.</param>
/// <param name="MustSeeOwn">Whether the client's own acknowledged commands must be among them.</param>
internal readonly record struct SimulatedRead(ReadConsistency Consistency, ulong MustSeeTotal, bool MustSeeOwn)
{
    /// <summary>Node clocks that run slow measure an age as less than it is; the configured drift bounds by how much.</summary>
    private const int DriftPerMille = 10;

    /// <summary>Whether it takes part in the order of all operations.</summary>
    public bool IsLinearizable => Consistency.Level is ConsistencyLevel.Linearizable or ConsistencyLevel.Lease;

    /// <summary>Draws one.</summary>
    /// <param name="random">What levels are drawn from.</param>
    /// <param name="nowUs">The true time.</param>
    /// <param name="acknowledged">What all clients had acknowledged, and when.</param>
    /// <param name="self">Who asks.</param>
    /// <param name="lender">Who may have lent its session's token.</param>
    public static SimulatedRead Draw(SeededRandom random, long nowUs, AcknowledgedTotals acknowledged, SimulatedClient self, SimulatedClient lender)
    {
        switch (random.Between(0, 9))
        {
            case 0 or 1 or 2:
                return new SimulatedRead(ReadConsistency.Linearizable, acknowledged.Latest, MustSeeOwn: true);
            case 3 or 4 or 5:
                return new SimulatedRead(ReadConsistency.Lease, acknowledged.Latest, MustSeeOwn: true);
            case 6 or 7:
                int maxMs = random.OneOf(1, 50, 500, 5_000);
                return new SimulatedRead(ReadConsistency.BoundedStaleness(TimeSpan.FromMilliseconds(maxMs)), acknowledged.At(nowUs - (maxMs * (1000L + DriftPerMille))), MustSeeOwn: false);
            case 8:
                SimulatedClient seer = random.Chance(300) ? lender : self;
                return new SimulatedRead(ReadConsistency.AtLeast(seer.Seen), seer.SeenTotal, MustSeeOwn: seer == self);
            default:
                return new SimulatedRead(ReadConsistency.Local, 0, MustSeeOwn: false);
        }
    }
}
