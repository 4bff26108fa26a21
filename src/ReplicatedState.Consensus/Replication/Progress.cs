namespace ReplicatedState.Consensus;

/// <summary>What a leader knows of one member, and how it serves it (dissertation 10.2.1: pipelining, with a probe to find where logs agree).</summary>
internal sealed class Progress(RaftId id, CoreConfig config)
{
    private bool _wasActiveBefore;

    public RaftId Id { get; } = id;

    /// <summary>The last index known to be durable there. Never falls within a term.</summary>
    public ulong Match { get; private set; }

    /// <summary>The next index to send.</summary>
    public ulong Next { get; private set; }

    public ProgressState State { get; private set; }

    public ulong PendingSnapshot { get; private set; }

    /// <summary>The highest commit index that was sent and that the member's log can use.</summary>
    public ulong SentCommit { get; private set; }

    /// <summary>Nothing more is sent until an answer comes: a probe is out, or the window is full.</summary>
    public bool FlowPaused { get; private set; }

    /// <summary>Heard from since the last check for a quorum.</summary>
    public bool RecentlyActive { get; set; }

    /// <summary>Heard from since the check for a quorum before the last one: true of every member that lives.</summary>
    public bool WasHeardFrom => RecentlyActive || _wasActiveBefore;

    /// <summary>The latest read round that the member confirmed in this term.</summary>
    public ulong ConfirmedRound { get; set; }

    /// <summary>The member's wall clock as last reported, and when that arrived by the leader's monotonic clock; 0 where it never was.</summary>
    public ClockReading ReportedClock { get; set; }

    /// <summary>When this leader sent the latest message of its term that the member answered, by its own monotonic clock; 0 where there is none.</summary>
    public long HeardSentAtMs { get; set; }

    /// <summary>For how long after hearing that message the member promised to help nobody else into office.</summary>
    public int PromiseMs { get; set; }

    /// <summary>The member's priority, as it last said.</summary>
    public int Priority { get; set; }

    /// <summary>For how many checks in a row it has answered and kept up.</summary>
    public int WellChecks { get; set; }

    /// <summary>It said that it holds less than <see cref="Match"/>: nothing that it acknowledged counts any more, and it gets nothing but heartbeats.</summary>
    public bool HasLostEntries { get; private set; }

    /// <summary>What it counts for in a quorum.</summary>
    public ulong CountedMatch => HasLostEntries && config.Mutant != CoreMutant.LostEntriesCounted ? 0 : Match;

    public InflightWindow Inflight { get; } = new(config.InflightMessagesMax, config.InflightBytesMax);

    public bool IsPaused => State == ProgressState.Snapshot || FlowPaused || HasLostEntries;

    /// <summary>Forgets everything: a new term begins.</summary>
    public void Reset(ulong next, ulong match)
    {
        Match = match;
        Next = next;
        State = ProgressState.Probe;
        PendingSnapshot = 0;
        SentCommit = 0;
        FlowPaused = false;
        RecentlyActive = _wasActiveBefore = false;
        ConfirmedRound = 0;
        ReportedClock = default;
        HeardSentAtMs = 0;
        PromiseMs = 0;
        Priority = 0;
        WellChecks = 0;
        HasLostEntries = false;
        Inflight.Clear();
    }

    /// <summary>It said so. Whatever else was believed of it is void.</summary>
    public void LoseEntries()
    {
        HasLostEntries = true;
        RecentlyActive = _wasActiveBefore = false;
        HeardSentAtMs = 0;
        PromiseMs = 0;
        WellChecks = 0;
    }

    /// <summary>A check for a quorum: what was heard so far belongs to the past.</summary>
    public void EndActivityWindow()
    {
        _wasActiveBefore = RecentlyActive;
        RecentlyActive = false;
    }

    public void BecomeProbe()
    {
        Next = State == ProgressState.Snapshot ? Math.Max(Match + 1, PendingSnapshot + 1) : Match + 1;
        SentCommit = Math.Min(SentCommit, Next - 1);
        Enter(ProgressState.Probe);
    }

    public void BecomeReplicate()
    {
        Next = Match + 1;
        Enter(ProgressState.Replicate);
    }

    public void BecomeSnapshot(ulong snapshotIndex)
    {
        Enter(ProgressState.Snapshot);
        PendingSnapshot = snapshotIndex;
        Next = snapshotIndex + 1;
        SentCommit = snapshotIndex;
    }

    /// <summary>The snapshot didn't arrive: probe again from what is known.</summary>
    public void ForgetPendingSnapshot() => PendingSnapshot = 0;

    /// <summary>An acknowledgement; false where it is an old one.</summary>
    public bool Acknowledge(ulong index)
    {
        if (index <= Match && config.Mutant != CoreMutant.LateAckRewindsMatch)
            return false;
        Match = index;
        Next = Math.Max(Next, index + 1);
        FlowPaused = false;
        return true;
    }

    /// <summary>A rejection of the Append after <paramref name="refused"/>; false where it answers something older than what is known.</summary>
    public bool StepBack(ulong refused, ulong hint)
    {
        if (State == ProgressState.Replicate)
        {
            if (refused <= Match)
                return false;
            Next = Match + 1;
        }
        else
        {
            if (Next - 1 != refused)
                return false;
            Next = Math.Max(Math.Min(refused, hint + 1), Match + 1);
            FlowPaused = false;
        }

        SentCommit = Math.Min(SentCommit, Next - 1);
        return true;
    }

    /// <summary>An Append left.</summary>
    public void Sent(int entries, long bytes, ulong commit)
    {
        if (State == ProgressState.Replicate)
        {
            if (entries > 0)
            {
                Next += (ulong)entries;
                Inflight.Add(Next - 1, bytes);
            }

            FlowPaused = Inflight.IsFull;
        }
        else if (entries > 0)
        {
            FlowPaused = true;
        }

        SentCommit = commit;
    }

    /// <summary>A heartbeat carried a commit index there.</summary>
    public void HeartbeatSent(ulong commit) => SentCommit = commit;

    /// <summary>An answer of any kind shows that messages arrive: one more may be sent.</summary>
    public void Resume() => FlowPaused = false;

    /// <summary>Nothing more until it answers something.</summary>
    public void AwaitAnswer() => FlowPaused = true;

    /// <summary>Whether sending this commit index would let the member commit more.</summary>
    public bool CanUseCommit(ulong commit) => commit > SentCommit && SentCommit < Next - 1;

    public void RefreshFlow() => FlowPaused = State == ProgressState.Replicate && Inflight.IsFull;

    private void Enter(ProgressState state)
    {
        FlowPaused = false;
        PendingSnapshot = 0;
        State = state;
        if (config.Mutant != CoreMutant.WindowNeverReopens)
            Inflight.Clear();
    }
}
