using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>The cluster's clock as a node with a wrong wall clock sees it.</summary>
internal sealed class SkewedClock(IClock clock, TestNode node) : IClock
{
    public long MonotonicMs => clock.MonotonicMs;

    public long MonotonicUs => clock.MonotonicUs;

    public long WallMs => clock.WallMs + node.WallSkewMs;
}
