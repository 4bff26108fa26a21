using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>
/// What a node owes the others beside safety, judged by what an observer saw it hear and say: whoever hears its leader helps nobody to replace it, a vote that is owed is given, whoever must be answered is,
/// a leader that hears from no quorum leaves, leadership goes to whoever has the whole log. A core that breaks these loses nothing; it costs availability, too seldom for a bound on liveness to notice.
/// </summary>
internal sealed class ConductInvariants
{
    private readonly CoreNode[] _nodes;
    private readonly Memory[] _memories;
    private CoreStatus _before;
    private RaftId _asking;
    private bool _isAnswered;
    private bool _isGranted;

    public ConductInvariants(CoreNode[] nodes)
    {
        _nodes = nodes;
        _memories = [.. nodes.Select(_ => new Memory(nodes.Length))];
    }

    /// <summary>A node begins a life: nobody was heard in it.</summary>
    public void Restarted(CoreNode node) => _memories[node.Number] = new Memory(_nodes.Length);

    /// <summary>A node stood still; its leader's timer began anew.</summary>
    public void Stalled(CoreNode node)
    {
        Memory memory = _memories[node.Number];
        memory.QuorumDueFrom = memory.Ticks;
    }

    /// <summary>A node's owner lets it lead, or not any more.</summary>
    public void MayLead(CoreNode node, bool allowed)
    {
        Memory memory = _memories[node.Number];
        memory.MustNotLeadFrom = allowed ? null : memory.MustNotLeadFrom ?? memory.Ticks;
    }

    /// <summary>A message is about to be handed to a core.</summary>
    public void BeforeDelivery(CoreNode node, in Message message)
    {
        _asking = RaftId.None;
        if (message.Kind is not (MessageKind.PreVote or MessageKind.Vote or MessageKind.PreVoteResponse))
            return;
        _before = node.Core!.Status;
        _asking = message.From;
        _isAnswered = _isGranted = false;
    }

    /// <summary>It was handed over, and what the core made of it is done.</summary>
    public void AfterDelivery(CoreNode node, in Message message)
    {
        _asking = RaftId.None;
        Memory memory = _memories[node.Number];
        switch (message.Kind)
        {
            case MessageKind.PreVote or MessageKind.Vote:
                Asked(node, message, memory, node.Core!.Status);
                break;
            case MessageKind.PreVoteResponse:
                PreVoteAnswered(node, message, memory, node.Core!.Status);
                break;
            case MessageKind.Append or MessageKind.Heartbeat when message.Term == node.Seen.Term:
                (memory.HeardLeader, memory.HeardLeaderAt) = (message.From, memory.Ticks);
                break;
            case MessageKind.AppendResponse or MessageKind.HeartbeatResponse when message.Term == node.Seen.Term:
                memory.Hear(message.Term, (int)message.From.Value - 1);
                break;
        }
    }

    /// <summary>A core has said something, which may still have to wait for the disk.</summary>
    public void Said(CoreNode node, in Message message)
    {
        if (message.To == _asking)
        {
            _isAnswered = true;
            _isGranted |= message is { Kind: MessageKind.PreVoteResponse or MessageKind.VoteResponse, Reject: false };
        }

        if (message is { Kind: MessageKind.AppendResponse, Reject: true })
            Holds(message.Log.Index > node.Seen.Commit, "refusal", node, "refuses an Append behind what it has committed");
        CoreNode target = _nodes[(int)message.To.Value - 1];
        if (message.Kind == MessageKind.TimeoutNow && target.DurableHardState.Term <= message.Term)
            Holds(target.Durable.Last == node.Log.Last, "transfer", node, $"hands leadership to {target}, whose log ends at {target.Durable.Last} and not at {node.Log.Last}");
    }

    /// <summary>A tick has passed at a node.</summary>
    public void Ticked(CoreNode node)
    {
        Memory memory = _memories[node.Number];
        memory.Ticks++;
        CoreConfig config = node.Config;
        CoreStatus status = node.Core!.Status;
        if (memory.MustNotLeadFrom is { } from && status.Role == RaftRole.Leader)
            Holds(memory.Ticks - Math.Max(from, memory.QuorumDueFrom) <= 2 * config.ElectionTicksMin, "distrust", node, "leads on although it was told that it must not lead any more");
        if (!config.CheckQuorum || status.Role != RaftRole.Leader || memory.Ticks - memory.QuorumDueFrom <= 2 * config.ElectionTicksMin)
            return;
        long since = memory.Ticks - (2 * config.ElectionTicksMin);
        Holds(
            Majorities.Have(status.Configuration, voter => voter == node.Id || memory.HasHeard(status.HardState.Term, (int)voter.Value - 1, since)),
            "quorum", node, "leads on although no quorum has answered it for two election timeouts");
    }

    /// <summary>After every step of a node.</summary>
    public void AfterStep(CoreNode node)
    {
        CoreStatus status = node.Core!.Status;
        if (status.Role != RaftRole.Leader)
            return;
        Memory memory = _memories[node.Number];
        ulong term = status.HardState.Term;
        Holds(status.Last.Term == term, "own entry", node, "leads without an entry of its own term");
        Holds(memory.MustNotLeadFrom is null || memory.LedTerm == term, "distrust", node, "comes to lead although it must not");
        bool isNew = memory.LedTerm != term || !ReferenceEquals(memory.Configuration, status.Configuration);
        bool handsOver = status.TransferTarget != memory.TransferTarget && !status.TransferTarget.IsNone;
        if (isNew || handsOver)
            memory.QuorumDueFrom = memory.Ticks; // a new quorum, or a timer that begins anew
        (memory.LedTerm, memory.Configuration, memory.TransferTarget) = (term, status.Configuration, status.TransferTarget);
    }

    /// <summary>A client asked a leader for something while it was handing over.</summary>
    public static void RefusedMeanwhile(CoreNode node, bool isRefused) => Holds(isRefused, "transfer", node, "accepts a proposal or a read while it hands leadership over");

    private void Asked(CoreNode node, in Message message, Memory memory, in CoreStatus after)
    {
        HardState held = _before.HardState;
        bool hearsAnother = node.Config.CheckQuorum && _before.Role == RaftRole.Follower && !_before.Leader.IsNone && _before.Leader != message.From
            && memory.HeardLeader == _before.Leader && memory.Ticks - memory.HeardLeaderAt < node.Config.ElectionTicksMin;
        if (hearsAnother && message.Term > held.Term && !message.LeadershipTransfer)
            Holds(!_isGranted && (held.Term, held.Vote) == (after.HardState.Term, after.HardState.Vote), "stickiness", node, "helps to replace a leader that it hears");
        if (message.Kind == MessageKind.PreVote && message.Term < held.Term)
            Holds(_isAnswered, "answer", node, "leaves a node of an older term without an answer");
        if (message.Kind == MessageKind.Vote && message.Term < held.Term && !_before.Configuration.IsVoter(message.From))
            Holds(_isAnswered, "answer", node, "leaves a candidate of an older term, whom it never asks for a vote, without an answer");
        if (message.Term > held.Term && _before.Role == RaftRole.Follower && _before.Leader == message.From)
            Holds(_isAnswered, "answer", node, "leaves the very leader that it follows without an answer");
        bool owesVote = message.Kind == MessageKind.Vote && after.HardState.Term == message.Term && after.Role == RaftRole.Follower && after.Leader.IsNone
            && node.Config.AbstainTicks == 0 && after.Configuration.IsMember(message.From) && !IsBehind(message.Log, node.Log.Last);
        Holds(!owesVote || !after.HardState.Vote.IsNone, "vote", node, "gives no vote although it has given none, knows no leader, and the candidate's log is not behind");
    }

    private void PreVoteAnswered(CoreNode node, in Message message, Memory memory, in CoreStatus after)
    {
        if (_before.Role != RaftRole.PreCandidate)
            return;
        ulong asked = _before.HardState.Term + 1;
        if (!message.Reject && message.Term == asked)
            memory.PreVote(asked, message.From);
        if (after.Role is RaftRole.Follower or RaftRole.PreCandidate)
            return;
        Holds(
            Majorities.Have(_before.Configuration, voter => voter == node.Id || memory.HasPreVote(asked, voter)),
            "pre-vote", node, "campaigns without a quorum of pre-votes for the term");
    }

    private static bool IsBehind(LogPosition candidate, LogPosition own) => candidate.Term != own.Term ? candidate.Term < own.Term : candidate.Index < own.Index;

    private static void Holds(bool condition, string promise, CoreNode node, string sentence)
    {
        if (!condition)
            throw new SimulationViolationException(promise, $"{node} {sentence}");
    }

    /// <summary>What an observer remembers of a node's life.</summary>
    private sealed class Memory(int nodes)
    {
        private readonly long[] _heardAt = new long[nodes];
        private readonly HashSet<RaftId> _preVotes = [];
        private ulong _heardTerm;
        private ulong _preVoteTerm;

        public long Ticks { get; set; }

        public RaftId HeardLeader { get; set; }

        public long HeardLeaderAt { get; set; }

        public ulong LedTerm { get; set; }

        public Configuration? Configuration { get; set; }

        public RaftId TransferTarget { get; set; }

        /// <summary>Since when it must not lead; null where it may.</summary>
        public long? MustNotLeadFrom { get; set; }

        /// <summary>From this tick on a leader must hear from its quorum.</summary>
        public long QuorumDueFrom { get; set; }

        public void Hear(ulong term, int node)
        {
            if (_heardTerm != term)
                Array.Fill(_heardAt, long.MinValue);
            _heardTerm = term;
            _heardAt[node] = Ticks;
        }

        public bool HasHeard(ulong term, int node, long since) => _heardTerm == term && _heardAt[node] >= since;

        public void PreVote(ulong term, RaftId voter)
        {
            if (_preVoteTerm != term)
                _preVotes.Clear();
            _preVoteTerm = term;
            _preVotes.Add(voter);
        }

        public bool HasPreVote(ulong term, RaftId voter) => _preVoteTerm == term && _preVotes.Contains(voter);
    }
}
