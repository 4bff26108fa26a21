namespace ReplicatedState;

/// <summary>Where a generated client sends its calls: over the network, or straight into a node of the same process.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface IStateMachineChannel
{
    /// <summary>A pooled buffer to encode one call into. The channel's methods take it over and return it.</summary>
    RequestBuffer RentRequest();

    /// <summary>Executes a command exactly once and returns its encoded result.</summary>
    /// <exception cref="ConsensusException">The command was refused, failed, or its outcome is unknown: see the derived types.</exception>
    ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken);

    /// <summary>Answers a query at the given consistency.</summary>
    /// <exception cref="ConsensusException">The query was refused or failed: see the derived types.</exception>
    ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken);
}
