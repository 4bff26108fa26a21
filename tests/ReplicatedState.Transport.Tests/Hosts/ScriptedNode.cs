using System.Collections.Concurrent;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>Stands for the node behind the services: records what it is asked and answers by a script.</summary>
internal sealed class ScriptedNode(Action<ScriptedNode, NodeRequest> script) : IRequestSink
{
    /// <summary>What was asked, as it was at that moment.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Calls that the script kept.</summary>
    public ConcurrentQueue<NodeRequest> Kept { get; } = new();

    public void Submit(NodeRequest request)
    {
        Requests.Enqueue(new Asked(
            request.Kind, request.Machine, request.Session, request.Sequence, request.AcknowledgedUpTo,
            request.Consistency, request.Payload.Span.ToArray(), request.IdempotencyKey.ToArray(), request.Caller, request.DeadlineMs)
        {
            InPages = request.InPages,
            Cursor = request.Cursor,
            Page = request.Page,
        });
        script(this, request);
    }

    /// <summary>Answers as the node does: the payload is released first.</summary>
    public static void Answer(NodeRequest request, ReplyStatus status = ReplyStatus.Ok, byte[]? body = null, ulong index = 0)
    {
        request.Payload.Release();
        request.Complete(new NodeReply { Status = status, Body = body, Index = index, Message = status == ReplyStatus.Ok ? null : $"It is {status}." });
    }

    /// <summary>Echoes every payload.</summary>
    public static ScriptedNode Echo() => new((_, request) => Answer(request, body: request.Payload.Span.ToArray(), index: 7));

    public sealed record Asked(
        RequestKind Kind, string? Machine, ulong Session, ulong Sequence, ulong AcknowledgedUpTo, ReadConsistency Consistency,
        byte[] Payload, byte[] IdempotencyKey, string Caller, long DeadlineMs)
    {
        public bool InPages { get; init; }

        public ulong Cursor { get; init; }

        public uint Page { get; init; }
    }
}
