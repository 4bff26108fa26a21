using ReplicatedState.Client;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Testing.NodeLevel;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Cluster;

/// <summary>A simulated node as a client sees it: calls and answers take their time, a node that is down refuses, one that loses power takes its calls along.</summary>
internal sealed class SimulatedEndpoint(ClusterWorkload run, ClusterClient client, string address) : IClientEndpoint
{
    private readonly int _node = SimulatedStreams.NodeAt(address);

    public string Address => address;

    public ValueTask<EndpointReply> SendAsync(in ClientRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var attempt = new Attempt(run, client, UserCall.Current);
        return attempt.Send(request, _node, cancellationToken);
    }

    public void Encourage()
    {
        // It was never discouraged: every attempt connects anew.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Settled by the first of: the answer, the end of patience, the loss of the connection, the caller's cancellation. Each is an event of the run.</summary>
    private sealed class Attempt(ClusterWorkload run, ClusterClient client, UserCall? call)
    {
        // Its continuations run inline: see WatchedChannel.
        private readonly TaskCompletionSource<EndpointReply> _end = new();
        private CancellationTokenRegistration _cancellation;

        public ValueTask<EndpointReply> Send(in ClientRequest request, int node, CancellationToken cancellationToken)
        {
            long timeoutUs = request.Timeout > TimeSpan.Zero ? (long)request.Timeout.TotalMicroseconds : long.MaxValue / 4;
            var sent = new SimulatedRequest(OnAnswered)
            {
                Kind = (RequestKind)request.Kind,
                Machine = request.Machine,
                Session = run.UsesSessions ? request.Session : 0,
                Sequence = run.UsesSessions ? request.Sequence : 0,
                AcknowledgedUpTo = run.UsesSessions ? request.AcknowledgedUpTo : 0,
                IdempotencyKey = request.IdempotencyKey.ToArray(),
                Consistency = request.Consistency,
                InPages = request.InPages,
                Cursor = request.Cursor,
                Page = request.Page,
                Payload = Payload.Of(request.Payload.ToArray()),
                Caller = call?.Name.ToString() ?? client.Name,
                DeadlineMs = (run.NowUs + timeoutUs) / 1000,
                OnUnreachable = _ => Settle(Travel(), EndpointReply.NotSent($"n{node + 1} refuses the connection.")),
                OnLost = _ => Settle(Travel(), EndpointReply.Lost($"The connection to n{node + 1} broke.")),
            };
            _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((Attempt)state!)._end.TrySetCanceled(token), this);
            run.Send(sent, node, Travel());
            Settle(timeoutUs, EndpointReply.Lost($"n{node + 1} did not answer within {request.Timeout}."));
            return new ValueTask<EndpointReply>(_end.Task);
        }

        private void OnAnswered(SimulatedRequest request)
        {
            run.OnAnswered(request);
            if (request.Answers > 1)
                return;
            var reply = new EndpointReply
            {
                Delivery = Delivery.Answered,
                Status = request.Status,
                Body = ReplyBuffer.Copy(request.Body),
                Index = request.Index,
                Term = request.Term,
                Code = request.Code,
                Message = request.Sentence,
                LeaderName = request.LeaderName,
                LeaderAddress = request.LeaderAddress,
                Group = request.Group,
                Epoch = request.Epoch,
                Cursor = request.NextCursor,
            };
            Settle(Travel(), reply, () => call?.LastAnswer = (new RecordedReply(request.Status, request.Code, request.Status == ReplyStatus.Rejected ? request.Sentence : null, request.Body), request.Index));
        }

        private void Settle(long afterUs, EndpointReply reply, Action? before = null) => run.PlanCallback(afterUs, () =>
        {
            if (_end.Task.IsCompleted)
                return;
            before?.Invoke();
            _cancellation.Dispose();
            _end.TrySetResult(reply);
        });

        private int Travel() => client.Random.Between(50, 2_000);
    }
}
