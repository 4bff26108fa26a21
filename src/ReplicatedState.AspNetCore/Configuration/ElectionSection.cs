namespace ReplicatedState.AspNetCore;

/// <summary>Who leads, where several could: keys <c>election.*</c>.</summary>
public sealed class ElectionSection
{
    /// <summary>False for a node that never campaigns by itself: it votes and keeps the log, and others lead.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The same as <see cref="RaftSection.PreVote"/>; where both are set they must agree.</summary>
    public bool? PreVote { get; set; }

    /// <summary>Whether <see cref="Priority"/> counts.</summary>
    public bool PriorityElection { get; set; }

    /// <summary>How much this node is preferred as leader, 0 or more. Of the voters that are well the best waits least, and a leader hands over to a better one after a while.</summary>
    public int Priority { get; set; }

    /// <summary>
    /// For how long after hearing a leader a voter helps nobody else; the shortest election timeout at most, however long this is. Zero: as long as that.
    /// </summary>
    public TimeSpan LeaderStickiness { get; set; }
}
