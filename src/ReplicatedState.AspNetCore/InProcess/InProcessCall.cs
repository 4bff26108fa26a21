using ReplicatedState.Client;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.AspNetCore.InProcess;

/// <summary>One attempt of a call on its way through the node of this process. Ends once: with the node's answer, or because the caller gave up.</summary>
internal sealed class InProcessCall : NodeRequest
{
    private readonly PendingReply _pending = PendingReply.Rent();
    private int _ended;

    /// <summary>What the caller awaits.</summary>
    public ValueTask<EndpointReply> Task => _pending.Task;

    /// <summary>Ends the call when the caller gives up. Before it is submitted.</summary>
    public void Watch(CancellationToken cancellationToken)
    {
        _pending.Owner = this;
        _pending.Watch(token: cancellationToken, onCancelled: static (state, token) => (((PendingReply)state!).Owner as InProcessCall)?.Abandon(token));
    }

    /// <inheritdoc/>
    public override void Complete(in NodeReply reply)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        _pending.Settle(new EndpointReply
        {
            Delivery = Delivery.Answered,
            Status = reply.Status,
            Body = ReplyBuffer.Copy(reply.Body),
            Index = reply.Index,
            Term = reply.Term,
            Code = reply.Code,
            Message = reply.Message,
            LeaderName = reply.LeaderName,
            LeaderAddress = reply.LeaderAddress,
            Group = reply.Group,
            Epoch = reply.Epoch,
            Cursor = reply.Cursor,
        });
    }

    private void Abandon(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            _pending.SettleCancelled(token);
    }
}
