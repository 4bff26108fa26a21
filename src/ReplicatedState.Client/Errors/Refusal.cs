namespace ReplicatedState.Client;

/// <summary>The one place where a reply's status becomes a typed error, for every adapter that talks to callers.</summary>
public static class Refusal
{
    /// <summary>True where the status is the command's own replicated result: it was executed, and asking again would say the same.</summary>
    public static bool IsResult(ReplyStatus status) =>
        status is ReplyStatus.Ok or ReplyStatus.Rejected or ReplyStatus.Failed or ReplyStatus.ReplyUnavailable;

    /// <summary>The error of a reply that is not <see cref="ReplyStatus.Ok"/>.</summary>
    public static ConsensusException ToException(in EndpointReply reply) =>
        ToException(reply.Status, reply.Code, reply.Message, reply.LeaderName, reply.LeaderAddress);

    /// <summary>The error of a reply that is not <see cref="ReplyStatus.Ok"/>.</summary>
    public static ConsensusException ToException(ReplyStatus status, string? code, string? message, string? leaderName, string? leaderAddress) => status switch
    {
        ReplyStatus.Rejected => new CommandRejectedException(code ?? "", message ?? "The command was rejected."),
        ReplyStatus.Failed => new CommandFailedException(code ?? "", message ?? $"The call threw {code}."),
        ReplyStatus.NotLeader => new NotLeaderException(message ?? "The asked node doesn't lead the group.", leaderName, leaderAddress),
        ReplyStatus.NoLeader => new NoLeaderException(message ?? "The group has no leader."),
        ReplyStatus.Overloaded => new OverloadedException(message ?? "A queue of the node is full."),
        ReplyStatus.SessionExpired => new SessionExpiredException(message ?? "The group doesn't know the session."),
        ReplyStatus.AlreadyAcknowledged => new SequenceRefusedException(message ?? "The sequence was acknowledged before."),
        ReplyStatus.WindowExceeded => new SequenceRefusedException(message ?? "The sequence is beyond the session's window."),
        ReplyStatus.ReplyUnavailable => new CommandReplyUnavailableException(message ?? "The command was executed once; its reply was too large to keep."),
        ReplyStatus.UnknownCommand => new UnknownCommandException(message ?? "The machine has no such command or query."),
        ReplyStatus.InvalidCommand => new InvalidCommandException(message ?? "The arguments can't be decoded."),
        ReplyStatus.UnknownMachine => new UnknownMachineException(message ?? "The cluster hosts no such machine."),
        ReplyStatus.PayloadTooLarge => new PayloadTooLargeException(message ?? "The call is larger than the cluster accepts."),
        ReplyStatus.MachineHalted => new MachineHaltedException(message ?? "The machine stopped applying on the asked node."),
        ReplyStatus.NodeStopped => new NodeStoppedException(message ?? "The node is stopping."),
        ReplyStatus.InvalidConsistency => new InvalidConsistencyException(message ?? "The query's consistency is unknown or malformed."),
        ReplyStatus.StaleRead => new StaleReadException(message ?? "The node's state is older than the query's bound, and there is no leader to ask."),
        ReplyStatus.ResultTooLarge => new ResultTooLargeException(message ?? "The result is larger than a node keeps of one."),
        ReplyStatus.PageUnavailable => new ResultInterruptedException(message ?? "The node keeps no such page.", itemsDelivered: 0),
        ReplyStatus.TooFarBehind => new TooFarBehindException(EventPosition.TryParse(code, out EventPosition oldest) ? oldest : EventPosition.Now, message ?? "Events from the position on are no longer kept."),
        ReplyStatus.DeadlineExceeded => new DeadlineExceededException(message ?? "The call's time was over before it was executed."),
        _ => new CommandOutcomeUnknownException(message ?? "The node can't tell whether the command was executed."),
    };
}
