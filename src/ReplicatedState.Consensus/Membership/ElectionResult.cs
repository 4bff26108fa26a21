namespace ReplicatedState.Consensus;

/// <summary>How an election stands.</summary>
internal enum ElectionResult
{
    /// <summary>More answers are needed.</summary>
    Open,

    /// <summary>A quorum granted.</summary>
    Won,

    /// <summary>A quorum can't be reached any more.</summary>
    Lost,
}
