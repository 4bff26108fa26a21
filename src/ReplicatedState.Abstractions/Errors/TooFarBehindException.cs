namespace ReplicatedState;

/// <summary>A watch asked for events that are no longer kept. Read the state anew, and watch from what it has seen (<see cref="EventPosition.After"/>).</summary>
/// <param name="oldest">The first position from which on all events are kept.</param>
/// <param name="message">A sentence for a human.</param>
/// <param name="innerException">What caused it.</param>
public sealed class TooFarBehindException(EventPosition oldest, string message, Exception? innerException = null) : ConsensusException("CONSENSUS_TOO_FAR_BEHIND", message, innerException)
{
    /// <summary>The first position from which on all events are kept.</summary>
    public EventPosition Oldest { get; } = oldest;
}
