using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// A follower's disk is put back to what it was a while ago, without some of what the node has acknowledged to the leader in office. Detected, not survived: while that leader stays, the node must be told, stop itself, and
/// refuse to start on that disk; the run ends with the others.
/// </summary>
internal sealed class RestoredBackupFault : NodeFault
{
    private const byte PutBack = 1;
    private const byte MustBeNoticed = 2;
    private const int RetryUs = 300_000;
    private SimulatedDisk? _backup;
    private GroupStatus[] _backedUp = [];
    private (int Leader, ulong Term, string Group) _remembers;

    public override FaultKind Kind => FaultKind.RestoredBackup;

    public override byte Code => 112;

    protected override bool Recurs => false;

    private int BoundUs => 4_000_000 + (4_000 * Simulation.Options.ElectionMsMax);

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 0, 0, random.Between(4_000_000, 18_000_000)));

    public override void Begin()
    {
        NodeSimulationOptions options = Simulation.Options;
        if (Setting.Value > 0 && options.Faults[FaultKind.DiskDamage].Value == 0 && options.Faults[FaultKind.Operators].Value == 0 && options.Nodes >= 3 && options.UsesJournal && options.SyncWrites)
            PlanStep(Setting.Value, step: 0);
    }

    protected override void Strike()
    {
        SimulatedStation station = Simulation.AnyStation(Random);
        if (!Simulation.IsWell || station.Node!.Status.Groups.Any(group => group.Role == Consensus.RaftRole.Leader))
        {
            PlanStep(RetryUs, step: 0);
            return;
        }

        _backup = station.Disk.Copy(Random.NextUInt64());
        _backedUp = [.. station.Node!.Status.Groups];
        PlanStep(Random.Between(500_000, 2_000_000), PutBack, station.Number);
    }

    protected override void GoOn(in NodeEvent e)
    {
        SimulatedStation station = Simulation.Stations[e.Node];
        if (e.Step == MustBeNoticed)
        {
            ExpectNotice(station);
        }
        else if (!Simulation.IsWell || !HasAcknowledgedMore(station))
        {
            PlanStep(RetryUs, PutBack, station.Number);
        }
        else
        {
            Simulation.CalmDown(BoundUs);
            Simulation.Crash(station);
            station.Restore(_backup!);
            station.Trouble.ForgetDisk();
            station.Trouble.Damage = SimulatedFault.RestoredBackup;
            Simulation.Log?.Note(station.Number, "gets an old backup for its disk");
            PlanStep(BoundUs, MustBeNoticed, station.Number);
        }
    }

    /// <summary>Whether a leader knows that the station had more than the backup holds. All others must have it too, or what was committed would be lost with the backup, noticed or not.</summary>
    private bool HasAcknowledgedMore(SimulatedStation station)
    {
        Consensus.RaftId id = station.Node!.Status.Identity!.RaftId;
        foreach (GroupStatus old in _backedUp)
        {
            foreach (SimulatedStation other in Simulation.Stations)
            {
                if (other.Node!.Status.Groups.FirstOrDefault(group => group.Group == old.Group) is not { Role: Consensus.RaftRole.Leader } leader || other == station)
                    continue;
                ulong match = leader.Peers.FirstOrDefault(peer => peer.Id == id)?.Match ?? 0;
                if (leader.Term != station.Node.Status.Groups.First(group => group.Group == old.Group).Term || match <= old.LastIndex || leader.Peers.Any(peer => peer.Match < match))
                    continue;
                _remembers = (other.Number, leader.Term, old.Name);
                return true;
            }
        }

        return false;
    }

    private void ExpectNotice(SimulatedStation station)
    {
        if (station.Trouble.Damage != SimulatedFault.RestoredBackup)
            return; // it was
        bool leads = Simulation.Stations[_remembers.Leader].Node?.Status.Groups.FirstOrDefault(group => group.Name == _remembers.Group) is { Role: Consensus.RaftRole.Leader } leader && leader.Term == _remembers.Term;
        if (leads)
            throw new SimulationViolationException("backup", $"nobody has noticed in {BoundUs / 1000} ms that n{station.Number + 1} has an old disk, although the leader that remembers is in office");
        Simulation.Retire(station, noticed: null); // whoever leads now can't know
    }
}
