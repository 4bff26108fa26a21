using ReplicatedState.Pages;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Runtime.Cursors;

/// <summary>The results of a node that their clients take page by page. Beside the shards, which have nothing to do with a result once it was made. Any thread.</summary>
/// <remarks>
/// A client that asks for a page has the one before, which is let go. It may ask for the same page again, in case that the reply was lost. Page 0 was the query's own reply: asking for it says that nothing more is wanted.
/// </remarks>
/// <param name="clock">Tells when a client was last heard of.</param>
/// <param name="drawId">Draws a random id.</param>
/// <param name="replyBytesMax">The most bytes of a reply.</param>
/// <param name="totalBytesMax">The most bytes of memory that all pages take.</param>
/// <param name="cursorsMax">The most cursors.</param>
internal sealed class CursorTable(
    IClock clock, Func<ulong> drawId, int replyBytesMax, long totalBytesMax = CursorLimits.TotalBytesMax, int cursorsMax = CursorLimits.CursorsMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Cursor> _cursors = [];

    /// <summary>What the pages take.</summary>
    public PageMemory Memory { get; } = new(totalBytesMax);

    /// <summary>How large pages and results may become.</summary>
    public PageLimits Limits { get; } = new(Math.Min(CursorLimits.PageBytes, replyBytesMax), replyBytesMax - ResultPageOverhead, CursorLimits.ResultBytesMax);

    private const int ResultPageOverhead = 8;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _cursors.Count;
        }
    }

    /// <summary>Keeps what is left of a result for its client; false, and gives it up, where there are too many already.</summary>
    public bool TryOpen(PagedResult result, uint group, uint epoch, ulong index, out ulong id)
    {
        long now = clock.MonotonicMs;
        if (Count >= cursorsMax)
            Expire(now);
        lock (_gate)
        {
            if (_cursors.Count < cursorsMax)
            {
                do
                    id = drawId();
                while (id == 0 || _cursors.ContainsKey(id));
                _cursors.Add(id, new Cursor(id, result, group, epoch, index) { UsedAtMs = now });
                return true;
            }
        }

        result.Dispose();
        id = 0;
        return false;
    }

    /// <summary>Answers the call for a page, before this returns.</summary>
    public void Answer(NodeRequest request)
    {
        request.Payload.Release();
        request.Payload = default;
        Cursor? cursor;
        lock (_gate)
            cursor = _cursors.GetValueOrDefault(request.Cursor);
        if (cursor is null)
            request.Complete(Gone());
        else
            Answer(request, cursor);
    }

    /// <summary>Lets go of what nobody has asked for too long.</summary>
    public void Expire(long nowMs)
    {
        List<Cursor>? late = null;
        lock (_gate)
        {
            foreach (Cursor cursor in _cursors.Values)
            {
                if (nowMs - cursor.UsedAtMs >= CursorLimits.TimeToLiveMs)
                    (late ??= []).Add(cursor);
            }
        }

        foreach (Cursor cursor in late ?? [])
        {
            lock (cursor)
            {
                if (nowMs - cursor.UsedAtMs >= CursorLimits.TimeToLiveMs)
                    Close(cursor);
            }
        }
    }

    private void Answer(NodeRequest request, Cursor cursor)
    {
        // The reply's memory is the page's: nobody may let go of it meanwhile.
        lock (cursor)
        {
            long now = clock.MonotonicMs;
            PagedResult result = cursor.Result;
            if (cursor.IsClosed || now - cursor.UsedAtMs >= CursorLimits.TimeToLiveMs)
            {
                Close(cursor);
                request.Complete(Gone());
            }
            else if (request.Page == 0)
            {
                Close(cursor);
                request.Complete(new NodeReply { Index = cursor.Index, Group = cursor.Group, Epoch = cursor.Epoch });
            }
            else if (result.Flaw() is { } flaw)
            {
                Close(cursor);
                request.Complete(new NodeReply { Status = ReplyStatus.MachineHalted, Message = flaw, Group = cursor.Group, Epoch = cursor.Epoch });
            }
            else if (request.Page == result.Number || (request.Page == result.Number + 1 && result.HasMore))
            {
                cursor.UsedAtMs = now;
                if (request.Page > result.Number)
                    result.Advance();
                request.Complete(new NodeReply { Body = result.Current, Index = cursor.Index, Group = cursor.Group, Epoch = cursor.Epoch, Cursor = result.HasMore ? cursor.Id : 0 });
            }
            else
            {
                request.Complete(new NodeReply
                {
                    Status = ReplyStatus.PageUnavailable,
                    Message = $"Page {request.Page} of the result can't be had: the last one asked for was {result.Number}, and {(result.HasMore ? "only that and the next can be" : "there are no more")}.",
                    Group = cursor.Group,
                    Epoch = cursor.Epoch,
                });
            }
        }
    }

    /// <summary>Under the cursor's lock.</summary>
    private void Close(Cursor cursor)
    {
        if (cursor.IsClosed)
            return;
        cursor.IsClosed = true;
        cursor.Result.Dispose();
        lock (_gate)
            _cursors.Remove(cursor.Id);
    }

    private static NodeReply Gone() => new()
    {
        Status = ReplyStatus.PageUnavailable,
        Message = $"This node keeps no such result: it has been taken or given up, nobody has asked for it in {CursorLimits.TimeToLiveMs / 1000} s, or the node has been restarted.",
    };
}
