using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// Operators who change the cluster through whichever of its nodes, while everything else goes wrong: nodes are added, as voters or as learners, promoted, removed, wiped and readmitted;
/// leadership is handed over, snapshots are ordered. A change of members whose outcome is unknown is asked for again, of another node, until it is known.
/// </summary>
internal sealed class OperatorFault : NodeFault
{
    private const int TimeoutMs = 5_000;
    private const long GraceUs = 10_000_000;
    private readonly HashSet<SimulatedStation> _members = [];
    private readonly HashSet<SimulatedStation> _learners = [];
    private readonly List<SimulatedOrder> _others = [];
    private readonly Dictionary<RaftId, (int Station, int Disk)> _owners = [];
    private AdministrationAction? _change;
    private SimulatedStation? _subject;
    private SimulatedOrder? _order;
    private bool _asLearner;
    private bool _mayHaveBegun;
    private bool _isFormed;

    public override FaultKind Kind => FaultKind.Operators;

    public override byte Code => 60;

    /// <summary>A node that is lost for good makes any further loss one too many.</summary>
    private bool MayChangeMembers => Simulation.Options.Faults[FaultKind.DiskDamage].Value == 0;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 700_000, 2_000_000), random.Between(1, 2));

    public override void Begin()
    {
        foreach (SimulatedStation station in Simulation.Stations)
        {
            if (station.Number < Simulation.Options.Nodes)
                _members.Add(station);
            else
                station.Trouble.IsGone = station.Trouble.IsRetired = true;
        }

        base.Begin();
    }

    /// <summary>Everybody was answered, what was begun is done in all groups, and who was wiped is back.</summary>
    public override bool IsSettled()
    {
        if (Setting.Value == 0)
            return true;
        Attend();
        _others.RemoveAll(order => order.Outcome is not null || order.IsLost);
        return _change is null && _others.Count == 0 && (!MayChangeMembers || IsMembershipSettled());
    }

    public override string Describe() => _change is null ? "" : $"operators wait for {_change} n{_subject!.Number + 1}: {_order}";

    protected override void Strike()
    {
        Attend();
        _others.RemoveAll(order => order.Outcome is not null || order.IsLost);
        if (_change is null && MayChangeMembers && Random.Chance(700))
            BeginChange();
        else
            AskForAnything();
    }

    private void Attend()
    {
        long nowUs = Simulation.Clock.NowUs;
        NoticeIds();
        foreach (SimulatedOrder other in _others)
            other.MustEndOnce(nowUs, GraceUs);
        if (_change is null)
            return;
        _order?.MustEndOnce(nowUs, GraceUs);
        if (_order is null)
            Ask();
        else if (_order.Outcome is { } outcome)
            Conclude(outcome);
        else if (_order.IsLost)
            AskAgain();
    }

    /// <summary>An id belongs to one data directory for ever.</summary>
    private void NoticeIds()
    {
        foreach (SimulatedStation station in Simulation.Stations)
        {
            if (station.Node?.Status.Identity is not { } identity || identity.RaftId.IsNone)
                continue;
            (int, int) owner = (station.Number, station.Wipes);
            if (!_owners.TryAdd(identity.RaftId, owner) && _owners[identity.RaftId] != owner)
                throw new SimulationViolationException("identity", $"n{station.Number + 1} has the id {identity.RaftId}, which another data directory had");
        }
    }

    private void BeginChange()
    {
        if (!IsFormed())
            return;
        SimulatedStation station = Simulation.AnyStation(Random);
        bool isMember = _members.Contains(station);
        int voters = _members.Count - _learners.Count;
        if (!isMember)
        {
            Begin(AdministrationAction.AddMember, station);
            _asLearner = Random.Chance(300);
            station.Trouble.IsGone = false;
            Simulation.Plan(Simulation.Clock.NowUs + 1_000, new NodeEvent(NodeEventKind.Restart, station.Number));
        }
        else if (_learners.Contains(station) && Random.Chance(700))
        {
            Begin(AdministrationAction.PromoteMember, station);
        }
        else if (voters > 2 && Random.Chance(500) && FoundersWithout(station) >= 2)
        {
            Begin(AdministrationAction.RemoveMember, station);
        }
        else if (voters > 2)
        {
            Begin(AdministrationAction.ReplaceMember, station);
            _asLearner = _learners.Contains(station);
            if (station.IsUp)
                Simulation.Kill(station);
            Empty(station);
        }
    }

    /// <summary>Nobody reconfigures a cluster that isn't there: founders that were wiped before would wait for each other for ever.</summary>
    private bool IsFormed() =>
        _isFormed |= _members.All(station => station.Node?.Status is { Identity.ClusterGuid: not null } status && status.Groups.Count > 1 && status.Groups.All(group => group.Applied > 0));

    private void Begin(AdministrationAction change, SimulatedStation subject)
    {
        (_change, _subject, _order, _asLearner, _mayHaveBegun) = (change, subject, null, false, false);
        Simulation.Log?.Note(subject.Number, $"operators begin {change}");
    }

    private int FoundersWithout(SimulatedStation station) => _members.Count(member => member != station && member.Number < Simulation.Options.Nodes);

    private void Ask()
    {
        if (AnyRunningMember() is { } asked)
            _order = Send(asked, new AdministrationOrder(_change!.Value) { Member = SimulatedStation.NameOf(_subject!.Number), AsLearner = _asLearner, TimeoutMs = TimeoutMs });
    }

    private void AskAgain()
    {
        _mayHaveBegun = true;
        Ask();
    }

    private static SimulatedOrder Send(SimulatedStation asked, AdministrationOrder order, long nowUs)
    {
        var sent = new SimulatedOrder(order, asked, nowUs);
        asked.Node!.Administer(sent);
        return sent;
    }

    private SimulatedOrder Send(SimulatedStation asked, AdministrationOrder order) => Send(asked, order, Simulation.Clock.NowUs);

    private SimulatedStation? AnyRunningMember()
    {
        SimulatedStation[] running = [.. Simulation.Stations.Where(station => _members.Contains(station) && station is { IsUp: true, Trouble.IsStopping: false, Node.Status.State: NodeState.Running })];
        return running.Length == 0 ? null : running[Random.Between(0, running.Length - 1)];
    }

    private void Conclude(AdministrationOutcome outcome)
    {
        Simulation.Log?.Note(_subject!.Number, $"{_change} ends with {outcome.Status}: {outcome.Message}");
        bool isDone = outcome.Status == AdministrationStatus.Done;
        if (outcome.Status == AdministrationStatus.Refused)
        {
            // Begun by an earlier order, and done before this one came.
            isDone = _change switch
            {
                AdministrationAction.RemoveMember => _mayHaveBegun && outcome.Reason == AdministrationRefusal.UnknownMember,
                AdministrationAction.AddMember => _mayHaveBegun && IsTakenIn(_subject!),
                AdministrationAction.ReplaceMember => IsTakenIn(_subject!),
                _ => false,
            };
            if (!isDone && !_mayHaveBegun && _change != AdministrationAction.ReplaceMember)
            {
                GiveUp();
                return;
            }
        }

        if (isDone)
            Finish();
        else if (outcome.Status is AdministrationStatus.Refused or AdministrationStatus.NoLeader)
            Ask();
        else
            AskAgain();
    }

    /// <summary>Whether all groups of some member count the node's present directory, and have arrived where they were going.</summary>
    private bool IsTakenIn(SimulatedStation station) =>
        station.Node?.Status.Identity is { } identity
        && _members.Any(member => member != station && member.Node?.Status.Groups is { Count: > 1 } groups && groups.All(group => Counts(group, identity.RaftId)));

    private bool Counts(GroupStatus group, RaftId id) =>
        group.CommittedConfiguration.Equals(group.Configuration) && !group.Configuration.IsJoint && (_asLearner ? group.Configuration.IsMember(id) : group.Configuration.IsVoter(id));

    private void Finish()
    {
        switch (_change)
        {
            case AdministrationAction.AddMember:
                Simulation.Counts.Add(SimulatedFault.MemberAdded);
                _members.Add(_subject!);
                _subject!.Trouble.IsRetired = false;
                if (_asLearner)
                    _learners.Add(_subject);
                break;
            case AdministrationAction.PromoteMember:
                Simulation.Counts.Add(SimulatedFault.MemberPromoted);
                _learners.Remove(_subject!);
                break;
            case AdministrationAction.RemoveMember:
                Simulation.Counts.Add(SimulatedFault.MemberRemoved);
                Decommission(_subject!);
                break;
            default:
                Simulation.Counts.Add(SimulatedFault.MemberReadmitted);
                break;
        }

        _change = null;
    }

    /// <summary>Refused, and nothing was changed.</summary>
    private void GiveUp()
    {
        if (_change == AdministrationAction.AddMember)
            Decommission(_subject!);
        _change = null;
    }

    private void Decommission(SimulatedStation station)
    {
        station.Trouble.IsGone = station.Trouble.IsRetired = true;
        if (station.IsUp)
            Simulation.Kill(station);
        Empty(station);
        _members.Remove(station);
        _learners.Remove(station);
    }

    private void Empty(SimulatedStation station)
    {
        station.Wipe(Random.NextUInt64());
        station.Trouble.ForgetDisk();
    }

    private void AskForAnything()
    {
        if (AnyRunningMember() is not { } asked)
            return;
        string? group = Random.Chance(500) ? "system" : asked.Machines[0].Name;
        if (Random.Chance(300))
        {
            Simulation.Counts.Add(SimulatedFault.SnapshotOrdered);
            _others.Add(Send(asked, new AdministrationOrder(AdministrationAction.TakeSnapshot) { Group = group, TimeoutMs = TimeoutMs }));
            return;
        }

        Simulation.Counts.Add(SimulatedFault.LeadershipOrdered);
        string? target = Random.Chance(500) ? null : SimulatedStation.NameOf(Simulation.AnyStation(Random).Number);
        _others.Add(Send(asked, new AdministrationOrder(AdministrationAction.TransferLeadership) { Group = group, Member = target, TimeoutMs = TimeoutMs }));
    }

    /// <summary>Every group of every member has the members that the operators know of, and is on its way nowhere.</summary>
    private bool IsMembershipSettled()
    {
        foreach (SimulatedStation station in _members)
        {
            if (station.Node?.Status.Identity is null)
                return false;
        }

        RaftId[] members = [.. _members.Select(station => station.Node!.Status.Identity!.RaftId).Order()];
        RaftId[] learners = [.. _learners.Select(station => station.Node!.Status.Identity!.RaftId).Order()];
        foreach (SimulatedStation station in _members)
        {
            IReadOnlyList<GroupStatus> groups = station.Node!.Status.Groups;
            if (groups.Count < 2)
                return false;
            foreach (GroupStatus group in groups)
            {
                Configuration configuration = group.CommittedConfiguration;
                bool isSettled = !configuration.IsJoint && configuration.Equals(group.Configuration)
                    && configuration.Members().AsEnumerable().Order().SequenceEqual(members) && configuration.Learners.AsEnumerable().Order().SequenceEqual(learners);
                if (!isSettled)
                    return false;
            }
        }

        return true;
    }
}
