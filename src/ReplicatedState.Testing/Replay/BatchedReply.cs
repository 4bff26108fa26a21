using System.Buffers;
using ReplicatedState.Batches;

namespace ReplicatedState.Testing.Replay;

/// <summary>The reply to a batch, put together from those to its commands.</summary>
internal static class BatchedReply
{
    /// <summary>As a node answers the batch; null where none of its commands was executed.</summary>
    public static RecordedReply? Of(IReadOnlyList<RecordedReply> replies)
    {
        if (replies.Count == 0)
            return null;
        var body = new ArrayBufferWriter<byte>();
        var writer = new BatchReplyWriter(body, replies.Count);
        foreach (RecordedReply reply in replies)
        {
            if (reply.Status == ReplyStatus.Ok)
                writer.AddResult(reply.Body.Span);
            else if (reply.Status == ReplyStatus.Rejected)
                writer.AddRejection(reply.Code!, reply.Message!);
            else
                writer.AddFailure(reply.Code!);
        }

        writer.End();
        return new RecordedReply(ReplyStatus.Ok, null, null, body.WrittenMemory);
    }
}
