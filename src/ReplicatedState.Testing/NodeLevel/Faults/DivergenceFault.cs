using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// One command comes out wrong on one replica, as if it had looked around. While everything else goes well the cluster must find out soon who is wrong, and put that machine in quarantine; what happens to it
/// from then on, all other faults included, must end with its being right again.
/// </summary>
internal sealed class DivergenceFault : NodeFault
{
    private const byte MustBeFound = 1;
    private const int RetryUs = 400_000;
    private bool _hasBegun;

    public override FaultKind Kind => FaultKind.Divergence;

    public override byte Code => 110;

    protected override bool Recurs => false;

    private int BoundUs => 4_000_000 + (4_000 * Simulation.Options.ElectionMsMax);

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, random.Between(4_000_000, 18_000_000)));

    public override void Begin()
    {
        NodeFaults faults = Simulation.Options.Faults;
        // Whoever is wrong and whoever is gone for good would be two of three.
        if (Setting.Value > 0 && faults[FaultKind.DiskDamage].Value == 0 && faults[FaultKind.RestoredBackup].Value == 0 && faults[FaultKind.Operators].Value == 0 && Simulation.Options.Nodes >= 3)
            PlanStep(Setting.Value, step: 0);
    }

    public override void End()
    {
        foreach (SimulatedStation station in Simulation.Stations)
            station.Slow.WrongCommands = 0;
    }

    protected override void Strike()
    {
        if (_hasBegun)
            return;
        if (!Simulation.IsWell)
        {
            PlanStep(RetryUs, step: 0);
            return;
        }

        _hasBegun = true;
        SimulatedStation station = Simulation.AnyStation(Random);
        station.Slow.WrongCommands = 1;
        Simulation.CalmDown(BoundUs);
        Simulation.Log?.Note(station.Number, "will execute a command wrongly");
        PlanStep(BoundUs, MustBeFound, station.Number);
    }

    protected override void GoOn(in NodeEvent e)
    {
        SimulatedStation station = Simulation.Stations[e.Node];
        if (station.Slow.HasGoneWrong && !station.Trouble.WasFoundWrong)
            throw new SimulationViolationException("I6", $"nobody has noticed in {BoundUs / 1000} ms without other faults that the state of n{station.Number + 1} is wrong");
        station.Slow.WrongCommands = 0;
    }
}
