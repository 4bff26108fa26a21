namespace ReplicatedState.Consensus;

/// <summary>The limits and timeouts of one core. Time is in ticks; what a tick lasts is the caller's business.</summary>
public sealed record CoreConfig
{
    /// <summary>This node.</summary>
    public required RaftId Self { get; init; }

    /// <summary>The group.</summary>
    public GroupId Group { get; init; }

    /// <summary>Ticks between heartbeats; 1 or more.</summary>
    public int HeartbeatTicks { get; init; } = 2;

    /// <summary>The shortest election timeout in ticks; more than <see cref="HeartbeatTicks"/>.</summary>
    public int ElectionTicksMin { get; init; } = 20;

    /// <summary>The longest election timeout in ticks, inclusive.</summary>
    public int ElectionTicksMax { get; init; } = 40;

    /// <summary>Ask before campaigning, without disturbing anybody (dissertation 9.6).</summary>
    public bool PreVote { get; init; } = true;

    /// <summary>A leader that hears from no quorum within <see cref="ElectionTicksMin"/> steps down; followers stick to a live leader.</summary>
    public bool CheckQuorum { get; init; } = true;

    /// <summary>Ticks after a restart with a non-empty term during which the node gives no votes and doesn't campaign; 0 where leases are off.</summary>
    public int AbstainTicks { get; init; }

    /// <summary>
    /// For so many milliseconds of its own monotonic clock since it heard a leader this node helps nobody else into office; 0 turns leases off. At most
    /// <see cref="ElectionTicksMin"/>. To lower it, restart with the old <see cref="AbstainTicks"/> first: a restarted node keeps the longest promise that it may have given.
    /// </summary>
    public int LeasePromiseMs { get; init; }

    /// <summary>By how much, in thousandths, one node's monotonic clock may gain on another's. Crystals differ by 0.1 ‰, clocks that are being slewed by 0.5 ‰.</summary>
    public int MaxClockDriftPerMille { get; init; } = 10;

    /// <summary>What a tick lasts in milliseconds; 0 where unknown. Leases are kept shorter by one, and only they ask.</summary>
    public int TickMs { get; init; }

    /// <summary>
    /// How much this voter is preferred as leader, 0 or more; equal everywhere where it doesn't matter. Of those that are well the best waits least, and a leader hands over to a
    /// better one after a while (only with <see cref="CheckQuorum"/>, which tells who is well). Never outweighs whose log is up to date.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>False: never campaigns by itself.</summary>
    public bool MayCampaign { get; init; } = true;

    /// <summary>The most entries of one Append.</summary>
    public int AppendEntriesMax { get; init; } = 64;

    /// <summary>The most bytes of one Append; one entry always fits.</summary>
    public long AppendBytesMax { get; init; } = 256 * 1024;

    /// <summary>The most Appends with entries on the way to one follower; 1 turns pipelining off.</summary>
    public int InflightMessagesMax { get; init; } = 32;

    /// <summary>The most bytes of entries on the way to one follower.</summary>
    public long InflightBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>The most bytes of proposals that are not committed yet; more get <see cref="ProposeOutcome.Busy"/>.</summary>
    public long UncommittedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>The most bytes that may be committed and not applied before proposals get <see cref="ProposeOutcome.Busy"/>.</summary>
    public long UnappliedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>The most entries that a learner may lack and still become a voter.</summary>
    public int CaughtUpEntriesMax { get; init; } = 1024;

    /// <summary>The most reads that wait for confirmation; more fail at once.</summary>
    public int PendingReadsMax { get; init; } = 65536;

    /// <summary>Scripts of other projects begin with a log and no hard state, which on a real disk would be a lost vote.</summary>
    internal bool MayLackHardState { get; init; }

    /// <summary>Scripts of other projects make voters of nodes that nobody has heard of, which in a real group would cost its availability.</summary>
    internal bool MayAddVotersUnseen { get; init; }

    /// <summary>A bug planted on purpose, so that tests can show that they would catch it.</summary>
    internal CoreMutant Mutant { get; init; }

    /// <summary>Throws where the values contradict each other.</summary>
    /// <exception cref="ArgumentException">They do; the message names which.</exception>
    public void Validate()
    {
        Require(!Self.IsNone, "Self must not be 0");
        Require(HeartbeatTicks >= 1, "HeartbeatTicks must be at least 1");
        Require(ElectionTicksMin > HeartbeatTicks, "ElectionTicksMin must be more than HeartbeatTicks");
        Require(ElectionTicksMax >= ElectionTicksMin, "ElectionTicksMax must not be less than ElectionTicksMin");
        Require(AbstainTicks >= 0, "AbstainTicks must not be negative");
        Require(Priority >= 0, "Priority must not be negative");
        Require(LeasePromiseMs >= 0, "LeasePromiseMs must not be negative");
        Require(MaxClockDriftPerMille is >= 0 and < 1000, "MaxClockDriftPerMille must be from 0 to 999");
        if (LeasePromiseMs > 0)
            ValidateLeases();
        Require(AppendEntriesMax >= 1, "AppendEntriesMax must be at least 1");
        Require(InflightMessagesMax >= 1, "InflightMessagesMax must be at least 1");
        Require(CaughtUpEntriesMax >= 0, "CaughtUpEntriesMax must not be negative");
        Require(PendingReadsMax >= 1, "PendingReadsMax must be at least 1");
        Require(AppendBytesMax >= 0 && InflightBytesMax >= 0 && UncommittedBytesMax >= 0 && UnappliedBytesMax >= 0, "byte limits must not be negative");
    }

    private void ValidateLeases()
    {
        Require(CheckQuorum, "leases need CheckQuorum: without it nobody sticks to a leader");
        Require(TickMs >= 1, "leases need TickMs");
        Require(LeasePromiseMs <= (long)ElectionTicksMin * TickMs, "LeasePromiseMs must not be more than ElectionTicksMin: nobody could be elected meanwhile");
        // The first tick may come at once, and one may come late.
        Require((AbstainTicks - 2L) * TickMs >= LeasePromiseMs, "AbstainTicks must outlast LeasePromiseMs by two ticks: a restart forgets what was promised");
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
            throw new ArgumentException($"Core configuration: {sentence}.");
    }
}
