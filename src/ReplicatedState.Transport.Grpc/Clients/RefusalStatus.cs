using Grpc.Core;
using ReplicatedState.Client;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>How a unary call's refusal looks in gRPC: a status for everybody's tools, and trailers for those who know this protocol.</summary>
internal static class RefusalStatus
{
    public const string ErrorTrailer = "consensus-error";
    public const string RejectionTrailer = "consensus-rejection-bin";
    public const string LeaderNameTrailer = "consensus-leader-name";
    public const string LeaderAddressTrailer = "consensus-leader-address";

    public static RpcException ToRpcException(in NodeReply reply)
    {
        ConsensusException error = Refusal.ToException(reply.Status, reply.Code, reply.Message, reply.LeaderName, reply.LeaderAddress);
        var trailers = new Metadata { { ErrorTrailer, error.Code } };

        // Whatever a machine makes up as its code must not be able to spoil a header.
        if (reply.Code is not null)
            trailers.Add(RejectionTrailer, System.Text.Encoding.UTF8.GetBytes(reply.Code));
        if (reply.LeaderName is not null)
            trailers.Add(LeaderNameTrailer, reply.LeaderName);
        if (reply.LeaderAddress is not null)
            trailers.Add(LeaderAddressTrailer, reply.LeaderAddress);
        return new RpcException(new Status(ToStatusCode(reply.Status), error.Message), trailers);
    }

    /// <summary><c>Unavailable</c>, <c>ResourceExhausted</c> and <c>DeadlineExceeded</c> are definitely not executed; <c>Unknown</c> is the only one that leaves it open.</summary>
    public static StatusCode ToStatusCode(ReplyStatus status) => status switch
    {
        ReplyStatus.Ok => StatusCode.OK,
        ReplyStatus.Rejected => StatusCode.Aborted,
        ReplyStatus.Failed => StatusCode.Internal,
        ReplyStatus.NotLeader => StatusCode.Unavailable,
        ReplyStatus.NoLeader => StatusCode.Unavailable,
        ReplyStatus.NodeStopped => StatusCode.Unavailable,
        ReplyStatus.Overloaded => StatusCode.ResourceExhausted,
        ReplyStatus.SessionExpired => StatusCode.FailedPrecondition,
        ReplyStatus.AlreadyAcknowledged => StatusCode.FailedPrecondition,
        ReplyStatus.WindowExceeded => StatusCode.FailedPrecondition,
        ReplyStatus.MachineHalted => StatusCode.FailedPrecondition,
        ReplyStatus.ReplyUnavailable => StatusCode.DataLoss,
        ReplyStatus.UnknownCommand => StatusCode.Unimplemented,
        ReplyStatus.InvalidCommand => StatusCode.InvalidArgument,
        ReplyStatus.InvalidConsistency => StatusCode.InvalidArgument,
        ReplyStatus.StaleRead => StatusCode.Unavailable,
        ReplyStatus.TooFarBehind => StatusCode.OutOfRange,
        ReplyStatus.PayloadTooLarge => StatusCode.InvalidArgument,
        ReplyStatus.ResultTooLarge => StatusCode.OutOfRange,
        ReplyStatus.PageUnavailable => StatusCode.NotFound,
        ReplyStatus.UnknownMachine => StatusCode.NotFound,
        ReplyStatus.DeadlineExceeded => StatusCode.DeadlineExceeded,
        _ => StatusCode.Unknown,
    };
}
