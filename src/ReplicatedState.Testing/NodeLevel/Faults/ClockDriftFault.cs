namespace ReplicatedState.Testing.NodeLevel;

/// <summary>Clocks run too fast or too slow, all the time; the stations get such clocks when they are made.</summary>
internal sealed class ClockDriftFault : NodeFault
{
    public override FaultKind Kind => FaultKind.ClockDrift;

    public override byte Code => 32;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 500, 4_000));

    public override void Begin()
    {
    }
}
