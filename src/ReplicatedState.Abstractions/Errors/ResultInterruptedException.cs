namespace ReplicatedState;

/// <summary>
/// A query's result ended before its last page: the node that holds it is gone or out of reach, or has let it go because nobody asked for too long. What was delivered is of one applied index; no other node
/// has the rest of that, so whoever needs the whole asks the query again.
/// </summary>
/// <param name="message">A sentence for a human.</param>
/// <param name="itemsDelivered">How many items were delivered.</param>
/// <param name="innerException">What kept the next page from coming.</param>
public sealed class ResultInterruptedException(string message, long itemsDelivered, Exception? innerException = null) : ConsensusException("CONSENSUS_RESULT_INTERRUPTED", message, innerException)
{
    /// <summary>How many items were delivered before.</summary>
    public long ItemsDelivered { get; } = itemsDelivered;
}
