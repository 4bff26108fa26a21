using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// A rolling upgrade under all other faults: nodes are restarted with the binary of the next machine version, one after the other, some with the old one again; when all have had the new one, the version is
/// ordered or takes effect by itself. Even then somebody may install an old binary: its machine must halt, and goes on when the new one is back. Whatever was begun is brought to its end.
/// </summary>
internal sealed class VersionUpgradeFault : NodeFault
{
    private const byte Observation = 1;
    private const int ObserveEveryUs = 100_000;
    private const int TimeoutMs = 5_000;
    private const long GraceUs = 10_000_000;
    private readonly HashSet<SimulatedStation> _everUpgraded = [];
    private readonly HashSet<(int Station, int Incarnation)> _halted = [];
    private SimulatedOrder? _order;
    private bool _isFormed;
    private bool _mayBeInEffect;
    private bool _isInEffect;

    public override FaultKind Kind => FaultKind.VersionUpgrade;

    public override byte Code => 116;

    private bool IsOn => Simulation.Options.Upgrades && Simulation.UpgradedMachines is not null;

    private bool TakesEffectByItself => Setting.Detail > 0;

    private int NewVersion => Simulation.UpgradedMachines![0].Definition.Manifest.Version;

    private IEnumerable<SimulatedStation> Members => Simulation.Stations.Where(station => !station.Trouble.IsRetired);

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, random.Between(500_000, 1_200_000), random.Between(1_200_000, 2_500_000)), random.Between(0, 1));

    public override void Begin()
    {
        if (!IsOn)
            return;
        base.Begin();
        PlanStep(ObserveEveryUs, Observation);
    }

    /// <summary>An upgrade that was begun on all nodes is finished; one that wasn't may rest, with both binaries beside each other.</summary>
    public override void End()
    {
        if (!IsOn || !_everUpgraded.IsSupersetOf(Simulation.Stations))
            return;
        foreach (SimulatedStation station in Simulation.Stations.Where(station => !IsUpgraded(station)))
        {
            station.Machines = Simulation.UpgradedMachines!;
            if (station is { IsUp: true, Trouble: { IsStopping: false, Damage: null } })
                Simulation.Kill(station);
        }
    }

    /// <summary>Where all nodes have had the new binary and none is lost for good, the version takes effect; an old binary has halted for nothing else.</summary>
    public override bool IsSettled()
    {
        if (!IsOn)
            return true;
        Observe();
        Attend();
        bool mustTakeEffect = _everUpgraded.IsSupersetOf(Simulation.Stations) && Members.Count() == Simulation.Stations.Length;
        if (mustTakeEffect && !_isInEffect && !TakesEffectByItself && _order is null)
            Order();
        return _order is null && (_isInEffect || (!mustTakeEffect && _halted.Count == 0));
    }

    public override string Describe() => IsOn && _mayBeInEffect ? $"version {NewVersion} is {(_isInEffect ? "in effect" : $"not in effect, {_order}")}" : "";

    protected override void Strike()
    {
        if (!IsOn || !IsFormed())
            return;
        Attend();
        SimulatedStation[] old = [.. Members.Where(station => !IsUpgraded(station))];
        SimulatedStation[] upgraded = [.. Members.Where(IsUpgraded)];
        bool mayGoBack = upgraded.Length > 0 && (old.Length == 0 || !_mayBeInEffect);
        if (mayGoBack && Random.Chance(200))
            RollBack(upgraded[Random.Between(0, upgraded.Length - 1)]);
        else if (old.Length > 0)
            Upgrade(old[Random.Between(0, old.Length - 1)]);
        else if (!_isInEffect && !TakesEffectByItself && _order is null)
            Order();
    }

    protected override void GoOn(in NodeEvent e)
    {
        Observe();
        PlanStep(ObserveEveryUs, Observation);
    }

    /// <summary>A group that is new begins with the newest version that all have: nobody goes back from that.</summary>
    private bool IsFormed() =>
        _isFormed |= Members.All(station => station.Node?.Status.Groups.Any(group => group.Name == Simulation.OriginalMachines[0].Name && group.Applied > 0) == true);

    private bool IsUpgraded(SimulatedStation station) => ReferenceEquals(station.Machines, Simulation.UpgradedMachines);

    private void Upgrade(SimulatedStation station)
    {
        if (!TryReplace(station, Simulation.UpgradedMachines!))
            return;
        Simulation.Counts.Add(SimulatedFault.BinaryUpgraded);
        _everUpgraded.Add(station);
        if (TakesEffectByItself)
            ExpectEffect();
    }

    private void RollBack(SimulatedStation station)
    {
        if (TryReplace(station, Simulation.OriginalMachines))
            Simulation.Counts.Add(SimulatedFault.BinaryRolledBack);
    }

    /// <summary>The process ends and starts again with another binary. Whoever is busy with a broken disk is left alone.</summary>
    private bool TryReplace(SimulatedStation station, IReadOnlyList<MachineRegistration> machines)
    {
        if (station.Trouble.IsStopping || station.Trouble.Damage is not null)
            return false;
        Simulation.Log?.Note(station.Number, $"gets the binary of version {machines[0].Definition.Manifest.Version}");
        station.Machines = machines;
        if (station.IsUp)
            Simulation.Kill(station);
        return true;
    }

    /// <summary>What a member said when it last came counts while it is away, so one that went back meanwhile doesn't keep a version from taking effect: from the moment that all have had it, it may be.</summary>
    private void ExpectEffect()
    {
        if (_mayBeInEffect || !_everUpgraded.IsSupersetOf(Simulation.Stations))
            return;
        _mayBeInEffect = true;
        Simulation.ExpectVersion(NewVersion);
    }

    private void Order()
    {
        SimulatedStation[] running = [.. Members.Where(station => station is { IsUp: true, Trouble.IsStopping: false, Node.Status.State: NodeState.Running })];
        if (running.Length == 0)
            return;
        ExpectEffect();
        SimulatedStation asked = running[Random.Between(0, running.Length - 1)];
        _order = new SimulatedOrder(
            new AdministrationOrder(AdministrationAction.ActivateVersion) { Group = Simulation.OriginalMachines[0].Name, Version = NewVersion, TimeoutMs = TimeoutMs }, asked, Simulation.Clock.NowUs);
        asked.Node!.Administer(_order);
    }

    private void Attend()
    {
        if (_order is null)
            return;
        _order.MustEndOnce(Simulation.Clock.NowUs, GraceUs);
        if (_order.Outcome is null && !_order.IsLost)
            return;
        Simulation.Log?.Note(null, $"the order to activate version {NewVersion} ends: {_order}");
        _order = null;
    }

    private void Observe()
    {
        foreach (SimulatedStation station in Simulation.Stations)
        {
            if (station.Node?.Status.Groups.FirstOrDefault(group => group.Name == Simulation.OriginalMachines[0].Name) is not { } group)
                continue;
            if (group.MachineVersion >= NewVersion && !_isInEffect)
            {
                _isInEffect = true;
                Simulation.Counts.Add(SimulatedFault.VersionActivated);
            }

            if (group.HaltReason is not null && group.BinaryVersion < NewVersion && _halted.Add((station.Number, station.Incarnation)))
                Simulation.Counts.Add(SimulatedFault.OldBinaryHalted);
        }
    }
}
