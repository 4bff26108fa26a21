namespace ReplicatedState.Consensus;

// Dissertation 4. Members change by entries that hold the whole configuration; one is in force wherever it stands in the log, from the moment that it is
// appended until it is truncated. Keeps I9 (quorums of configurations that follow each other intersect: the next one is appended only when this one is
// committed, and differs in one voter, or is joint) and I15 (at most one configuration is uncommitted, and what is in force is what the log says).
public sealed partial class RaftCore
{
    /// <summary>A node whose log holds more than this one's answered that this node is no member: nobody will bring this log up to date.</summary>
    private bool _isRemoved;

    /// <summary>Members of the configuration before, that get entries until the one without them is committed, so that they learn of it.</summary>
    private bool _hasDeparting;

    /// <summary>The index of the configuration in force: its entry's, which is the newest in the log, committed or not.</summary>
    public ulong ConfigurationIndex => _configurations.CurrentIndex;

    /// <summary>Changes the members, if this node leads and nothing speaks against it. In force at once; committed like any other entry.</summary>
    /// <remarks>
    /// A node that becomes a voter must be a learner that has caught up (<see cref="CoreConfig.CaughtUpEntriesMax"/>). Where a joint configuration is entered with
    /// <see cref="ConfigTransition.Auto"/> or <see cref="ConfigTransition.Joint"/>, this leader or a later one leaves it. A leader that removes itself replicates until
    /// that is committed, without counting itself, hands over and steps down.
    /// </remarks>
    /// <param name="change">Who becomes what.</param>
    /// <param name="expectedConfigIndex">
    /// The <see cref="ConfigurationIndex"/> that the change was made for: of two changes made for the same one, the second is refused.
    /// </param>
    public ConfigResult ProposeConfig(in ConfigChange change, ulong expectedConfigIndex)
    {
        if (_halted || _role != RaftRole.Leader)
            return new ConfigResult(ConfigOutcome.NotLeader, _configurations.CurrentIndex, 0, _halted ? RaftId.None : _leader, ConfigRefusal.None);
        Configuration next = Members;
        ConfigRefusal refusal = WhyNoConfigNow(expectedConfigIndex);
        if (refusal == ConfigRefusal.None)
            refusal = Reconfiguration.Apply(Members, change, out next);
        if (refusal == ConfigRefusal.None)
            refusal = WhyNotInForce(next);
        if (refusal != ConfigRefusal.None)
            return new ConfigResult(ConfigOutcome.Refused, _configurations.CurrentIndex, 0, _leader, refusal);
        AppendConfiguration(next);
        return new ConfigResult(ConfigOutcome.Accepted, _configurations.CurrentIndex, _term, _leader, ConfigRefusal.None);
    }

    private bool IsConfigurationCommitted => _configurations.CurrentIndex <= _commit;

    /// <summary>
    /// Whether this node may campaign. A voter may, by the last configuration in its log. Whoever voted by the one before may too, until the last one is committed:
    /// nobody else may have it, and then nobody else wins (dissertation 4.2.2). It asks the voters of the last one, and doesn't count itself.
    /// </summary>
    private bool MayCampaign =>
        !_isRemoved && !_hasLostEntries && MayLead
        && (IsSelfVoter || _config.Mutant == CoreMutant.LearnerCampaigns
            || (!IsConfigurationCommitted && _configurations.Previous is { } previous && previous.IsVoter(_config.Self)));

    private ConfigRefusal WhyNoConfigNow(ulong expectedConfigIndex)
    {
        if (expectedConfigIndex != _configurations.CurrentIndex)
            return ConfigRefusal.OutdatedIndex;
        if (!HasCommittedInTerm && _config.Mutant != CoreMutant.ChangeBeforeCommitInTerm)
            return ConfigRefusal.NothingCommittedInTerm;
        if (!IsConfigurationCommitted && _config.Mutant != CoreMutant.ChangeBeforePreviousCommitted)
            return ConfigRefusal.PreviousUncommitted;
        return _transferTarget.IsNone ? ConfigRefusal.None : ConfigRefusal.LeadershipTransfer;
    }

    private ConfigRefusal WhyNotInForce(Configuration next)
    {
        if (next == Members)
            return ConfigRefusal.NothingToChange;
        foreach (RaftId voter in next.Voters)
        {
            if (!Members.IsVoter(voter) && !_config.MayAddVotersUnseen && !HasCaughtUp(voter))
                return ConfigRefusal.NotCaughtUp;
        }

        return ConfigRefusal.None;
    }

    /// <summary>A voter that lacks the log counts in every quorum and helps in none (etcd #11640, #15097).</summary>
    private bool HasCaughtUp(RaftId learner) =>
        (_progress.Find(learner) is { Match: > 0, WasHeardFrom: true, HasLostEntries: false } peer && _log.Last.Index - peer.Match <= (ulong)_config.CaughtUpEntriesMax)
        || _config.Mutant == CoreMutant.PromotedUnseen;

    private void AppendConfiguration(Configuration next)
    {
        Invariant.Holds(
            IsConfigurationCommitted || _config.Mutant is CoreMutant.ChangeBeforePreviousCommitted or CoreMutant.LeavesJointAgain,
            "at most one configuration is uncommitted");
        AppendOwn(EntryKind.Config, Payload.Of(ConfigurationCodec.Encode(next)));
        BroadcastAppend();
        // A smaller quorum may have what the larger one still waited for.
        if (TryCommit())
            BroadcastAppend();
    }

    private void OnConfigurationChanged()
    {
        Invariant.Holds(_role is RaftRole.Follower or RaftRole.Leader, "no configuration changes while its votes are counted");
        TrackMembers();
        if (_role == RaftRole.Leader)
            ConfirmReads(); // they may have waited for a voter that doesn't count any more
        _out.ConfigurationChanged = Members;
        Trace(TransitionKind.ConfigurationChanged, default, new LogPosition(_configurations.CurrentIndex, _term));
    }

    private void TrackMembers()
    {
        Configuration? departing = IsConfigurationCommitted ? null : _configurations.Previous;
        _hasDeparting = departing is not null;
        _progress.SetMembers(departing is null ? Members.Members() : [.. Members.Members().Union(departing.Members())], _log.Last.Index + 1);
    }

    /// <summary>What a leader does about the configuration by itself, when it or a learner has come further.</summary>
    private void ContinueConfiguration()
    {
        if (_config.Mutant == CoreMutant.LeavesJointAgain && _role == RaftRole.Leader && !IsConfigurationCommitted && _configurations.Previous is { AutoLeave: true })
            AppendConfiguration(Members);
        bool isDue = _hasDeparting || Members.IsJoint || !Members.AutoPromote.IsEmpty || !IsSelfVoter;
        if (!isDue || _role != RaftRole.Leader || !IsConfigurationCommitted || !HasCommittedInTerm)
            return;
        if (_hasDeparting)
            TrackMembers();
        if (!_transferTarget.IsNone)
            return; // whoever takes over has the log as it is now, and continues by itself
        if (Members.IsJoint)
            LeaveJoint();
        else if (!IsSelfVoter)
            HandOver();
        else
            PromoteCaughtUp();
    }

    /// <summary>Appended once: from then on the configuration isn't joint any more (etcd bd3c759).</summary>
    private void LeaveJoint()
    {
        if (!Members.AutoLeave)
            return;
        ConfigRefusal refusal = Reconfiguration.LeaveJoint(Members, out Configuration next);
        Invariant.Holds(refusal == ConfigRefusal.None, "a joint configuration can be left");
        AppendConfiguration(next);
    }

    private void PromoteCaughtUp()
    {
        foreach (RaftId learner in Members.AutoPromote)
        {
            if (!HasCaughtUp(learner))
                continue;
            ConfigRefusal refusal = Reconfiguration.Simple(Members, ConfigChange.Promote(learner).Members, out Configuration next);
            Invariant.Holds(refusal == ConfigRefusal.None, "a learner can become a voter in one step");
            AppendConfiguration(next);
            return; // one at a time; the others when this one is committed
        }
    }

    /// <summary>This leader is no voter any more, and that is committed: the voter that lives and has most of the log is to lead (dissertation 4.2.2).</summary>
    private void HandOver()
    {
        Progress? best = null;
        foreach (RaftId voter in Members.Voters)
        {
            if (_progress.Find(voter) is { } peer && (best is null || (peer.WasHeardFrom, peer.Match).CompareTo((best.WasHeardFrom, best.Match)) > 0))
                best = peer;
        }

        Invariant.Holds(best is not null, "a configuration without voters is never committed");
        StartTransfer(best.Id);
    }

    /// <summary>The successor was told, or can't be reached in time: a leader that doesn't vote has nothing left to do.</summary>
    private void StepDownIfRemoved()
    {
        if (_role == RaftRole.Leader && !IsSelfVoter && IsConfigurationCommitted)
            BecomeFollower(_term, RaftId.None);
    }

    /// <summary>
    /// True where a request for a vote comes from somebody who was removed and doesn't know. Requests are judged by term and log, never by membership, or a joint
    /// change would cost availability: a log that goes beyond this one may hold a configuration that its sender is in. This one doesn't, so it would be refused, or
    /// is the same, and says like this one that its sender is no member; and that is committed. Telling it changes nothing but that it stops asking.
    /// </summary>
    private bool IsRequestOfRemoved(in Message m) =>
        m.Kind is MessageKind.PreVote or MessageKind.Vote
        && IsConfigurationCommitted
        && !Members.IsMember(m.From)
        && m.Log.IsNotAheadOf(_log.Last);

    private LogPosition CommittedPosition => new(_commit, _log.TermAt(_commit));

    private void AnswerRemoved(in Message m) => Send(new Message { Kind = MessageKind.Removed, To = m.From, Log = CommittedPosition });

    private void OnRemoved(in Message m)
    {
        if (_role == RaftRole.Leader)
            return;
        if (_log.Holds(m.Log))
            CommitThrough(m.Log.Index); // the change that removed this node is among it, or another has brought it back since
        else if (!m.Log.IsNotAheadOf(_log.Last))
            _isRemoved = true; // what is committed isn't here, so this node can't win until somebody brings it
        if (MayCampaign)
            return;
        Trace(TransitionKind.Removed, m.From, m.Log);
        if (_role != RaftRole.Follower)
            BecomeFollower(_term, RaftId.None);
    }
}
