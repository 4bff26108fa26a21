using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>
/// The invariants of the design, checked against what an all-seeing observer knows. Each method is called where its promise could break, so that a whole
/// run costs a small multiple of the cores' own work. (I6 as the state's hash; I9 as "quorums of configurations that follow each other meet, a leader has a quorum of stored votes, a commit a quorum of stored copies";
/// I10 belongs to whole nodes, I18 to <see cref="LeaseInvariants"/>.)
/// </summary>
internal sealed class CoreInvariants(CommitLedger ledger, CoreNode[] nodes)
{
    /// <summary>Configuration entries that some log has held: each is checked against the one before it once.</summary>
    private readonly HashSet<LogPosition> _configurationsSeen = [];

    /// <summary>What leaders have believed of members last, and in which term.</summary>
    private readonly (ulong Term, ulong Match)[,] _matches = new (ulong, ulong)[nodes.Length, nodes.Length];

    /// <summary>Nodes whose log has changed its configurations in this step, whether their cores say so or not.</summary>
    private readonly bool[] _logChangedMembers = new bool[nodes.Length];

    /// <summary>After every step of a node.</summary>
    public void AfterStep(CoreNode node)
    {
        CoreStatus status = node.Core!.Status;
        CoreNode.Observation seen = node.Seen;
        HoldStillOrGrow(node, status, seen);
        HoldsTogether(node, status);
        if (status.HardState.Commit > seen.Commit)
            Committed(node, status, seen.Commit);
        if (!ReferenceEquals(status.Configuration, seen.Configuration) || _logChangedMembers[node.Number])
            ConfigurationChanged(node, status);
        _logChangedMembers[node.Number] = false;
        ulong leaderOf = seen.LeaderOfTerm;
        if (status.Role == RaftRole.Leader)
        {
            if (leaderOf != status.HardState.Term)
                Elected(node, status);
            leaderOf = status.HardState.Term;
            Leads(node, status);
        }

        node.Seen = new CoreNode.Observation(status.HardState.Term, status.HardState.Vote, status.HardState.Commit, leaderOf, status.Configuration);
    }

    /// <summary>I11: a restart forgets nothing that was durable.</summary>
    public void AfterRestart(CoreNode node)
    {
        CoreStatus status = node.Core!.Status;
        Holds(status.HardState.Term == node.DurableHardState.Term, "I11", node, "restarts with another term than it had stored");
        Holds(status.HardState.Vote == node.DurableHardState.Vote, "I11", node, "restarts with another vote than it had stored");
        Holds(status.HardState.Commit >= node.DurableHardState.Commit, "I11", node, "restarts with a lower commit index than it had stored");
        Holds(status.Applied == node.DurableState.Index, "I11", node, "restarts with another applied index than its state has");
        node.Seen = new CoreNode.Observation(status.HardState.Term, status.HardState.Vote, 0, 0);
        node.Configurations.ReadFrom(node.Log);
        AfterStep(node);
    }

    /// <summary>An operation was handed over: I2, I20, log time (I11), and P7.</summary>
    public void Taken(CoreNode node, Persist operation, ulong previousTerm, long previousLogTimeMs)
    {
        if (operation.TruncateFrom is { } from)
        {
            Holds(from > node.Seen.Commit, "I20", node, $"truncates from {from} although {node.Seen.Commit} is committed");
            Holds(from > node.Applied, "I20", node, $"truncates from {from} although {node.Applied} is applied");
        }

        if (operation.Snapshot is { } snapshot)
            Holds(snapshot.Index > node.Seen.Commit, "I20", node, $"replaces its log by a snapshot at {snapshot.Index} although {node.Seen.Commit} is committed");
        bool termOrVote = operation.HardState is { } hardState && (hardState.Term != node.Seen.Term || hardState.Vote != node.Seen.Vote);
        bool content = operation.Entries.Count > 0 || operation.TruncateFrom is not null || operation.Snapshot is not null;
        Holds(operation.MustSync || !(content || termOrVote), "P7", node, "hands over an operation that must be synced and doesn't say so");
        foreach (ref readonly Entry entry in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(operation.Entries))
        {
            Holds(ledger.Write(entry, previousTerm), "I2", node, $"writes at {entry.Position} what differs from what another log has there");
            Holds(entry.LogTimeMs >= previousLogTimeMs, "I11", node, $"writes {entry.Position} with a log time that goes back");
            previousTerm = entry.Term;
            previousLogTimeMs = entry.LogTimeMs;
        }

        LogPosition configuration = node.Configurations.CurrentPosition;
        node.Configurations.Follow(operation);
        _logChangedMembers[node.Number] |= node.Configurations.CurrentPosition != configuration;
    }

    /// <summary>I13: nothing of term t leaves before t is durable, nothing is promised that isn't.</summary>
    public static void Sent(CoreNode node, in Message message)
    {
        bool hypothetical = message.Kind == MessageKind.PreVote || (message.Kind == MessageKind.PreVoteResponse && !message.Reject);
        HardState durable = node.DurableHardState;
        Holds(hypothetical || message.Term <= durable.Term, "I13", node, $"sends {message.Kind} of term {message.Term} while term {durable.Term} is durable");
        switch (message.Kind)
        {
            case MessageKind.Vote:
                Holds(durable.Term == message.Term && durable.Vote == node.Id, "I13", node, $"asks for votes in term {message.Term} before its own is durable");
                break;
            case MessageKind.VoteResponse when !message.Reject:
                Holds(durable.Term == message.Term && durable.Vote == message.To, "I13", node, $"grants {message.To} a vote in term {message.Term} that isn't durable");
                break;
            case MessageKind.AppendResponse when !message.Reject:
                Holds(message.Log.Index <= node.Durable.LastIndex, "I13", node, $"acknowledges {message.Log.Index} while {node.Durable.LastIndex} is durable");
                break;
        }
    }

    /// <summary>I11: within a term a stored vote never changes.</summary>
    public static void Stored(CoreNode node, HardState before, HardState now)
    {
        Holds(now.Term >= before.Term, "I11", node, $"stores term {now.Term} after {before.Term}");
        Holds(now.Term > before.Term || before.Vote.IsNone || now.Vote == before.Vote, "I11", node, $"stores a second vote in term {now.Term}");
        Holds(now.Commit >= before.Commit, "I11", node, $"stores commit index {now.Commit} after {before.Commit}");
    }

    /// <summary>I7, and I6: apply is gap-free and the same everywhere.</summary>
    public void Applied(CoreNode node, ulong index, TraceHash state)
    {
        Holds(index == node.Applied + 1, "I7", node, $"applies {index} after {node.Applied}");
        Holds(index <= node.Durable.LastIndex, "I12", node, $"applies {index} while {node.Durable.LastIndex} is durable");
        Holds(ledger.Apply(index, state), "I6", node, $"has another state after applying {index} than the first that applied it");
    }

    /// <summary>I10, the part that the log can tell: a read sees every write that was acknowledged before it was asked.</summary>
    public static void ReadAnswered(CoreNode node, ConfirmedRead read, ulong mustSee) =>
        Holds(read.Index >= mustSee, "I10", node, $"answers a read at {read.Index} although {mustSee} was acknowledged before it was asked");

    /// <summary>I16: everything that was asked is answered once.</summary>
    public static void AnswersOnce(CoreNode node, bool wasPending) => Holds(wasPending, "I16", node, "answers a read that isn't pending");

    /// <summary>I17: a pre-vote leaves no trace.</summary>
    public static void PreVoteLeavesNoTrace(CoreNode node, in CoreStatus before)
    {
        CoreStatus after = node.Core!.Status;
        Holds(
            before.Role == after.Role && before.HardState == after.HardState && before.Leader == after.Leader && before.Last == after.Last,
            "I17", node, "is changed by a pre-vote request");
    }

    /// <summary>A handed-out range begins where the last one ended (I7).</summary>
    public static void HandedOut(CoreNode node, ulong after) =>
        Holds(after == node.ApplyThrough, "I7", node, $"hands out entries after {after} when {node.ApplyThrough} was the last");

    private static void HoldStillOrGrow(CoreNode node, in CoreStatus status, CoreNode.Observation seen)
    {
        HardState now = status.HardState;
        Holds(now.Term >= seen.Term, "I11", node, $"goes back from term {seen.Term} to {now.Term}");
        Holds(now.Term > seen.Term || seen.Vote.IsNone || now.Vote == seen.Vote, "I11", node, $"votes twice in term {now.Term}");
        Holds(now.Commit >= seen.Commit, "I11", node, $"takes its commit index back from {seen.Commit} to {now.Commit}");
    }

    private static void HoldsTogether(CoreNode node, in CoreStatus status)
    {
        Holds(status.HardState.Commit <= status.Last.Index, "I12", node, $"has committed {status.HardState.Commit} of a log that ends at {status.Last}");
        Holds(status.Applied <= status.HardState.Commit, "I12", node, $"has applied {status.Applied} while {status.HardState.Commit} is committed");
        Holds(node.Durable.Snapshot.Index <= node.Applied, "I12", node, $"has applied {node.Applied} below its snapshot at {node.Durable.Snapshot.Index}");
        Holds(status.Last == node.Log.Last, "I12", node, $"believes that its log ends at {status.Last}, where it ends at {node.Log.Last}");
        // What the core believes to be durable must be on the disk, entry for entry (the ABA of overlapping appends).
        if (status.Durable.Index >= node.Durable.Base.Index)
            Holds(node.Durable.Covers(status.Durable), "I13", node, $"believes {status.Durable} to be durable, where the disk ends at {node.Durable.Last}");
        Holds(status.Role is RaftRole.Follower or RaftRole.Leader || MayCampaign(node, status), "I9", node, $"campaigns, though it is no voter of {status.Configuration}");
    }

    /// <summary>Voters may, and until a configuration is committed those of the one before.</summary>
    private static bool MayCampaign(CoreNode node, in CoreStatus status)
    {
        ConfigurationMirror mirror = node.Configurations;
        return status.Configuration.IsVoter(node.Id)
            || (mirror.CurrentPosition.Index > node.Seen.Commit && mirror.Previous is { } previous && previous.IsVoter(node.Id));
    }

    /// <summary>I15, and the half of I9 that changes of members must keep.</summary>
    private void ConfigurationChanged(CoreNode node, in CoreStatus status)
    {
        ConfigurationMirror mirror = node.Configurations;
        Holds(status.Configuration.Equals(mirror.Current), "I15", node, $"has the configuration {status.Configuration}, where its log says {mirror.Current}");
        int uncommitted = mirror.Positions.Count(position => position.Index > ledger.LastCommitted || (position.Term != 0 && ledger.TermAt(position.Index) != position.Term));
        Holds(uncommitted <= 1, "I15", node, $"has {uncommitted} configurations in its log that aren't committed");
        if (mirror.Previous is { } previous && previous != Configuration.Empty && _configurationsSeen.Add(mirror.CurrentPosition))
        {
            Holds(Majorities.AlwaysMeet(previous, mirror.Current), "I9", node, $"puts {mirror.Current} after {previous}, whose quorums need not meet");
            if (status.Role == RaftRole.Leader && mirror.CurrentPosition.Term == status.HardState.Term)
                MayChangeMembers(node, status, previous);
        }
    }

    /// <summary>A leader changes members only when an entry of its own term is committed (Ongaro 2015), and lets nobody vote who lacks the log.</summary>
    private void MayChangeMembers(CoreNode node, in CoreStatus status, Configuration previous)
    {
        LogPosition change = node.Configurations.CurrentPosition;
        ulong committed = Math.Min(status.HardState.Commit, change.Index - 1);
        Holds(node.Log.TermAt(committed) == change.Term, "I15", node, $"changes the members at {change} before it has committed anything in its term");
        foreach (RaftId voter in node.Configurations.Current.Voters)
        {
            CoreNode promoted = nodes[(int)voter.Value - 1];
            if (previous.IsVoter(voter) || promoted.DurableHardState.Term > change.Term)
                continue;
            ulong stored = promoted.Durable.LastIndex;
            Holds(
                stored > 0 && stored + (ulong)node.Config.CaughtUpEntriesMax >= change.Index - 1,
                "promotion", node, $"lets {voter} vote at {change}, whose log ends at {stored}");
        }
    }

    /// <summary>I4, I5 and I8.</summary>
    private void Committed(CoreNode node, in CoreStatus status, ulong seenCommit)
    {
        ulong commit = status.HardState.Commit;
        ulong from = Math.Max(seenCommit, node.Log.Base.Index) + 1;
        if (node.Log.Base.Index > seenCommit && node.Log.Base.Index <= commit)
            Holds(
                node.Log.Base.Index <= ledger.LastCommitted && ledger.TermAt(node.Log.Base.Index) == node.Log.Base.Term,
                "I4", node, $"has a snapshot at {node.Log.Base} that isn't what was committed there");
        for (ulong index = from; index <= commit; index++)
        {
            LogPosition position = node.Log[index].Position;
            if (index <= ledger.LastCommitted)
                Holds(ledger.TermAt(index) == position.Term, "I4", node, $"commits {position} where {ledger.TermAt(index)}/{index} was committed");
            else
                ledger.Commit(position, status.HardState.Term);
        }

        if (status.Role != RaftRole.Leader)
            return;
        LogPosition last = node.Log[commit].Position;
        Holds(last.Term == status.HardState.Term, "I8", node, $"commits {last} by counting in term {status.HardState.Term}");
        // What is committed may be the reason for another configuration in the same step: then it was the one before that counted.
        bool stored = IsStored(last, status.Configuration) || (node.Seen.Configuration is { } before && IsStored(last, before));
        Holds(stored, "I5", node, $"commits {last}, which isn't on the disks of a quorum of {status.Configuration}");
    }

    private bool IsStored(LogPosition position, Configuration configuration) => Majorities.Have(configuration, id => nodes[(int)id.Value - 1].Durable.Covers(position));

    private bool HasVoted(RaftId voter, RaftId candidate, ulong term)
    {
        HardState stored = nodes[(int)voter.Value - 1].DurableHardState;
        return stored.Term > term || (stored.Term == term && stored.Vote == candidate);
    }

    /// <summary>I1, I3, and the half of I9 that elections must keep.</summary>
    private void Elected(CoreNode node, in CoreStatus status)
    {
        ulong term = status.HardState.Term;
        Holds(ledger.Lead(term, node.Id), "I1", node, $"leads term {term}, which another node leads or led");
        Holds(MayCampaign(node, status), "I9", node, $"leads term {term}, though it is no voter of {status.Configuration}");
        Holds(
            Majorities.Have(status.Configuration, voter => HasVoted(voter, node.Id, term)),
            "I9", node, $"leads term {term} without the stored votes of a quorum of {status.Configuration}");

        // Only what was committed in earlier terms must be here: a late winner of an old term may lack what newer ones committed.
        ulong index = ledger.LastCommitted;
        while (index > 0 && ledger.CommitTermAt(index) >= term)
            index--;
        if (index > node.Log.Base.Index)
            Holds(
                index <= node.Log.LastIndex && node.Log.TermAt(index) == ledger.TermAt(index),
                "I3", node, $"leads term {term} without the committed entry {ledger.TermAt(index)}/{index}");
    }

    /// <summary>I14 and I19.</summary>
    private void Leads(CoreNode node, in CoreStatus status)
    {
        foreach (CoreNode other in nodes)
        {
            ref (ulong Term, ulong Match) believed = ref _matches[node.Number, other.Number];
            if (node.Core!.ProgressOf(other.Id) is not { } progress)
            {
                believed = default;
                continue;
            }

            if (believed.Term == status.HardState.Term)
                Holds(progress.Match >= believed.Match, "I14", node, $"believes that {other.Id} has {progress.Match}, after it knew of {believed.Match}");
            believed = (status.HardState.Term, progress.Match);
            Holds(progress.InflightMessages <= node.Config.InflightMessagesMax, "I14", node, $"has {progress.InflightMessages} Appends under way to {other.Id}");
            if (other.DurableHardState.Term > status.HardState.Term || progress.Match < node.Log.Base.Index || progress.HasLostEntries)
                continue;
            var match = new LogPosition(progress.Match, node.Log.TermAt(progress.Match));
            Holds(other.Durable.Covers(match), "I14", node, $"counts {match} as stored at {other.Id}, whose disk ends at {other.Durable.Last}");
        }

        if (status.HardState.Commit == status.Last.Index)
            Holds(status.UncommittedBytes == 0, "I19", node, $"counts {status.UncommittedBytes} uncommitted bytes when everything is committed");
    }

    private static void Holds(bool condition, string invariant, CoreNode node, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument(nameof(condition))] ref ViolationText text)
    {
        if (!condition)
            throw new SimulationViolationException(invariant, $"{node} {text.ToStringAndClear()}");
    }

    private static void Holds(bool condition, string invariant, CoreNode node, string sentence)
    {
        if (!condition)
            throw new SimulationViolationException(invariant, $"{node} {sentence}");
    }
}
