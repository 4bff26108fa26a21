using System.Buffers;
using ReplicatedState.Pages;
using ReplicatedState.Runtime.Cursors;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Shards;

// Queries that give a sequence: the state answers at once and in full, as for any query; the client takes the pages when it likes, and nobody here has anything to do with that.
internal sealed partial class GroupReplica
{
    private ReplyStatus RunInPages(NodeRequest query, IBufferWriter<byte> body, out string? code, out string? message, out ulong applied, out PagedResult? rest)
    {
        rest = null;
        var account = new PageAccount(_node.Cursors.Memory);
        using var pages = new PageWriter(_node.Cursors.Limits, account.Take);
        ReplyStatus status = _machine.QueryPages(new ReadOnlySequence<byte>(query.Payload.Memory), pages, out code, out message, out applied, out int distrusts);
        if (status != ReplyStatus.Ok)
        {
            account.Dispose();
            return status;
        }

        try
        {
            rest = PagedResult.Begin(pages.TakePages(), account, () => _machine.FlawSince(distrusts), body);
            return ReplyStatus.Ok;
        }
        catch (OverloadedException full)
        {
            message = full.Message;
            return ReplyStatus.Overloaded;
        }
    }

    /// <summary>A query's reply leaves; what is left of its result is kept for its client.</summary>
    private void Answer(NodeRequest query, in NodeReply reply, PagedResult? rest)
    {
        if (rest is null)
            _completions.Complete(query, reply);
        else if (_node.Cursors.TryOpen(rest, Id.Value, _node.Identity.Epoch, reply.Index, out ulong cursor))
            _completions.Complete(query, reply with { Cursor = cursor });
        else
            _completions.Refuse(query, ReplyStatus.Overloaded, $"This node keeps {CursorLimits.CursorsMax} results that their clients have not taken yet, and no more.");
    }
}
