using System.Collections.Concurrent;
using System.Text;

namespace ReplicatedState.Client.Tests.Scripted;

/// <summary>Nodes that answer by a script instead of over a network. Sessions are opened unless the script says otherwise.</summary>
internal sealed class ScriptedCluster(Func<Sent, Task<EndpointReply>> script) : IClientEndpointFactory
{
    private int _sessions;

    public ScriptedCluster(Func<Sent, EndpointReply> script)
        : this(sent => Task.FromResult(script(sent)))
    {
    }

    /// <summary>Everything that was sent, in order.</summary>
    public ConcurrentQueue<Sent> Log { get; } = new();

    /// <summary>What was sent of one kind.</summary>
    public Sent[] Commands => [.. Log.Where(sent => sent.Kind == ClientCallKind.Command)];

    public int SessionsOpened => _sessions;

    /// <summary>Opens a session wherever the client asks.</summary>
    public bool OpensSessions { get; set; } = true;

    public IClientEndpoint Create(string address) => new Endpoint(this, address);

    private Task<EndpointReply> AnswerAsync(Sent sent)
    {
        Log.Enqueue(sent);
        return sent.Kind == ClientCallKind.OpenSession && OpensSessions
            ? Task.FromResult(Reply.Ok(index: 100 + (ulong)Interlocked.Increment(ref _sessions)))
            : script(sent);
    }

    private sealed class Endpoint(ScriptedCluster cluster, string address) : IClientEndpoint
    {
        public string Address { get; } = address;

        public ValueTask<EndpointReply> SendAsync(in ClientRequest request, CancellationToken cancellationToken)
        {
            var sent = new Sent(
                Address, request.Kind, request.Machine, request.Session, request.Sequence, request.AcknowledgedUpTo,
                request.Consistency, Encoding.UTF8.GetString(request.Payload.Span), Encoding.UTF8.GetString(request.IdempotencyKey.Span))
            {
                InPages = request.InPages,
                Cursor = request.Cursor,
                Page = request.Page,
            };
            return new ValueTask<EndpointReply>(cluster.AnswerAsync(sent).WaitAsync(cancellationToken));
        }

        public void Encourage()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
