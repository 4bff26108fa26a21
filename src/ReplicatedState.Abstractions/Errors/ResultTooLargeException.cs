namespace ReplicatedState;

/// <summary>The result of a query that answers in pages, or one item of it, is larger than a node keeps or a reply carries. Nothing of it was delivered; the message says the size and the bound.</summary>
public sealed class ResultTooLargeException(string message, Exception? innerException = null) : ConsensusException("CONSENSUS_RESULT_TOO_LARGE", message, innerException)
{
}
