using System.Runtime.CompilerServices;
using ReplicatedState.Pages;

namespace ReplicatedState;

/// <summary>Sends calls to a machine in this process.</summary>
/// <param name="machine">The machine.</param>
/// <param name="key">The idempotency key of all commands; null for none.</param>
internal sealed class InMemoryChannel(InMemoryMachine machine, string? key = null) : IStateMachineChannel
{
    /// <inheritdoc/>
    public SessionToken SessionToken => new(InMemoryMachine.Group, Epoch: 0, machine.Index);

    /// <inheritdoc/>
    public RequestBuffer RentRequest() => RequestBuffer.Rent();

    /// <inheritdoc/>
    public IStateMachineChannel WithSession(SessionToken token = default) => this; // there is one state, and everybody sees it

    /// <inheritdoc/>
    public IStateMachineChannel WithIdempotencyKey(string key)
    {
        IdempotencyKey.Encode(key);
        return new InMemoryChannel(machine, key);
    }

    /// <inheritdoc/>
    public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken) =>
        Complete(request, static (machine, call, key) => machine.Command(call, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) =>
        Complete(request, static (machine, call, _) => machine.Query(call), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Queue<ResultPage> pages;
        using (request)
            pages = machine.QueryPages(request.Written);
        try
        {
            while (pages.TryDequeue(out ResultPage? page))
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReplyBuffer copy = ReplyBuffer.Copy(page.Bytes.Span);
                page.Dispose();
                yield return copy;
            }
        }
        finally
        {
            foreach (ResultPage page in pages)
                page.Dispose();
        }
    }

    public ValueTask<EventPage> ReadEventsAsync(EventRequest request, CancellationToken cancellationToken) => machine.ReadEventsAsync(request, cancellationToken);

    /// <summary>What goes wrong comes with the task, as from a cluster.</summary>
    private ValueTask<ReplyBuffer> Complete(RequestBuffer request, Func<InMemoryMachine, ReadOnlyMemory<byte>, string?, ReplyBuffer> call, CancellationToken cancellationToken)
    {
        using (request)
        {
            if (cancellationToken.IsCancellationRequested)
                return ValueTask.FromCanceled<ReplyBuffer>(cancellationToken);
            try
            {
                return ValueTask.FromResult(call(machine, request.Written.ToArray(), key));
            }
            catch (ConsensusException error)
            {
                return ValueTask.FromException<ReplyBuffer>(error);
            }
        }
    }
}
