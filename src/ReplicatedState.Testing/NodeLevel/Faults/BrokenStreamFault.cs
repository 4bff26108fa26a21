namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A stream between two nodes breaks, as by an idle timeout or a proxy.</summary>
internal sealed class BrokenStreamFault : NodeFault
{
    public override FaultKind Kind => FaultKind.BrokenStream;

    public override byte Code => 10;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 500_000, 3_000_000));

    protected override void Strike()
    {
        Simulation.Counts.Add(SimulatedFault.BrokenStream);
        Simulation.Streams.BreakOne();
    }
}
