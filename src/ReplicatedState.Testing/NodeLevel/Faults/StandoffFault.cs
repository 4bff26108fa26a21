using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// A second replica of three goes wrong, the leader, while the first is still in quarantine: now nobody can tell who is right. All must say so, soon, and answer nothing; then an operator decides whose state is
/// kept, as the sentence says, and the others reinstall from it. The first replica mustn't be reinstalled meanwhile, so these runs begin without that.
/// </summary>
internal sealed class StandoffFault : NodeFault
{
    private const byte LookAgain = 1;
    private const int LookEveryUs = 100_000;
    private const int RetryUs = 400_000;

    /// <summary>Until what is in quarantine is on the disk and known to the leader.</summary>
    private const int SettleUs = 1_000_000;

    private Phase _phase;
    private SimulatedStation? _first;
    private SimulatedStation? _second;
    private long _sinceUs;
    private bool _isWrong;

    private enum Phase
    {
        Before,
        FirstGoesWrong,
        FirstIsFound,
        SecondGoesWrong,
        NobodyCanTell,
        Over,
    }

    public override FaultKind Kind => FaultKind.Standoff;

    public override byte Code => 120;

    protected override bool Recurs => false;

    private int BoundUs => 4_000_000 + (4_000 * Simulation.Options.ElectionMsMax);

    private bool IsOn => Setting.Value > 0 && Simulation.CanGoWrong && Simulation.Options is { Nodes: 3, Upgrades: false } options
        && options.Faults[FaultKind.DiskDamage].Value == 0 && options.Faults[FaultKind.RestoredBackup].Value == 0 && options.Faults[FaultKind.Operators].Value == 0 && options.Faults[FaultKind.Divergence].Value == 0;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, random.Between(3_000_000, 8_000_000), random.Between(8_000_000, 15_000_000)));

    public override void Begin()
    {
        if (!IsOn)
            return;
        foreach (SimulatedStation station in Simulation.Stations)
            station.Trouble.StaysInQuarantine = true;
        PlanStep(Setting.Value, step: 0);
    }

    public override void End()
    {
        if (_phase == Phase.Before)
            Enter(Phase.Over);
    }

    public override bool IsSettled()
    {
        if (_phase is Phase.Before or Phase.Over)
            return true;
        Advance();
        return _phase == Phase.Over;
    }

    public override string Describe() => _phase is Phase.Before or Phase.Over ? "" : $"two wrong replicas: {_phase}";

    protected override void Strike()
    {
        SimulatedStation? leader = Simulation.IsWell ? LeaderOfMachine() : null;
        if (leader is null)
        {
            PlanStep(RetryUs, step: 0);
            return;
        }

        SimulatedStation[] followers = [.. Simulation.Stations.Where(station => station != leader)];
        _first = followers[Random.Between(0, followers.Length - 1)];
        GoWrong(_first, Phase.FirstGoesWrong);
        PlanStep(LookEveryUs, LookAgain);
    }

    protected override void GoOn(in NodeEvent e)
    {
        Advance();
        if (_phase != Phase.Over)
            PlanStep(LookEveryUs, LookAgain);
    }

    private void Advance()
    {
        switch (_phase)
        {
            case Phase.FirstGoesWrong when _first!.Trouble.WasFoundWrong:
                Enter(Phase.FirstIsFound);
                break;
            case Phase.FirstGoesWrong when !HasTime(_first!, "is wrong, and nobody has noticed"):
                Finish();
                break;
            case Phase.FirstIsFound when IsSettledSince && LeaderOfMachine() is { } leader:
                _second = leader;
                GoWrong(leader, Phase.SecondGoesWrong);
                break;
            case Phase.SecondGoesWrong when _second!.Slow.HasGoneWrong && Simulation.Stations.All(station => station == _first || NamesNoMajority(station)):
                Enter(Phase.NobodyCanTell);
                break;
            case Phase.SecondGoesWrong when !HasTime(_second!, "is wrong too, and not everybody has said that nobody can tell who is right"):
                Finish();
                break;
            case Phase.NobodyCanTell when IsSettledSince:
                Simulation.Counts.Add(SimulatedFault.Standoff);
                Finish();
                break;
        }
    }

    private bool IsSettledSince => Simulation.Clock.NowUs >= _sinceUs + SettleUs;

    private void Enter(Phase phase)
    {
        _phase = phase;
        _isWrong = false;
        _sinceUs = Simulation.Clock.NowUs;
        if (phase != Phase.Over)
            Simulation.CalmDown(BoundUs);
    }

    private void GoWrong(SimulatedStation station, Phase phase)
    {
        station.Slow.WrongCommands = 1;
        Simulation.Log?.Note(station.Number, "will execute a command wrongly");
        Enter(phase);
    }

    /// <summary>False where no command came that could have gone wrong.</summary>
    private bool HasTime(SimulatedStation station, string wrong)
    {
        if (station.Slow.HasGoneWrong && !_isWrong)
        {
            _isWrong = true;
            _sinceUs = Simulation.Clock.NowUs;
            Simulation.CalmDown(BoundUs);
        }

        if (Simulation.Clock.NowUs < _sinceUs + BoundUs)
            return true;
        if (station.Slow.HasGoneWrong)
            throw new SimulationViolationException("I6", $"the state of n{station.Number + 1} {wrong} in {BoundUs / 1000} ms without other faults");
        station.Slow.WrongCommands = 0;
        return false;
    }

    /// <summary>An operator looks at what there is: keeps the state that is right where nobody could tell, and lets whoever is wrong be reinstalled.</summary>
    private void Finish()
    {
        bool isUndecided = _phase == Phase.NobodyCanTell;
        Enter(Phase.Over);
        Simulation.CalmDown(0);
        foreach (SimulatedStation station in Simulation.Stations)
        {
            station.Trouble.StaysInQuarantine = false;
            bool isKept = isUndecided && station != _first && station != _second;
            if (!isKept && !station.Slow.HasGoneWrong)
                continue;
            Simulation.Kill(station, downForUs: 10_000);
            if (isKept)
                Forgive(station);
        }
    }

    private void Forgive(SimulatedStation station)
    {
        const string directory = "/data/distrust";
        foreach (string file in station.Disk.ListFiles(directory))
            station.Disk.Delete($"{directory}/{file}");
        station.Disk.SyncDirectory(directory);
        Simulation.Log?.Note(station.Number, "an operator keeps its state");
    }

    private SimulatedStation? LeaderOfMachine() => Simulation.Stations.FirstOrDefault(station => GroupOf(station) is { Role: RaftRole.Leader, HaltReason: null });

    private bool NamesNoMajority(SimulatedStation station) => GroupOf(station)?.Quarantine?.Contains("no majority", StringComparison.Ordinal) == true;

    private GroupStatus? GroupOf(SimulatedStation station) => station.Node?.Status.Groups.FirstOrDefault(group => group.Name == Simulation.OriginalMachines[0].Name);
}
