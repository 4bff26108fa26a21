using System.Runtime.CompilerServices;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Cluster;

/// <summary>The channel under a user's typed client: records what is asked and answered, and keeps the client library's own continuations on the thread of the run.</summary>
/// <remarks>
/// The library continues without a synchronization context, inline in whatever completes its tasks: an event of the run. Users' code continues in the run's context. So
/// neither ever leaves the thread, as long as users' code doesn't do so by itself.
/// </remarks>
internal sealed class WatchedChannel(ClusterWorkload run, ClusterClient client, IStateMachineChannel channel, object session, string? key = null) : IStateMachineChannel
{
    public RequestBuffer RentRequest() => channel.RentRequest();

    public SessionToken SessionToken => channel.SessionToken;

    public IStateMachineChannel WithSession(SessionToken token) => new WatchedChannel(run, client, channel.WithSession(token), new object(), key);

    public IStateMachineChannel WithIdempotencyKey(string key) => new WatchedChannel(run, client, channel.WithIdempotencyKey(key), session, key);

    public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken) =>
        CallAsync(request, isQuery: false, ReadConsistency.Linearizable, cancellationToken);

    public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) =>
        CallAsync(request, isQuery: true, consistency, cancellationToken);

    public async IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        run.CheckInside(client);
        UserCall call = run.OnCalled(client, request.Written.ToArray(), isQuery: true, inPages: true, consistency, session, key);
        using var relay = new CancellationRelay(run, cancellationToken);
        var recorded = new RecordedPages();
        IAsyncEnumerator<ReplyBuffer> pages = channel.QueryPagesAsync(request, consistency, relay.Token).GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (await NextAsync(pages, relay, call, recorded).ConfigureAwait(false))
                yield return pages.Current;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null); // as in CallAsync
            await pages.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Gets one page. What was delivered is held against the log when all of it has been: whoever stops early has seen an answer that nobody checks.</summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ReplyBuffer> pages, CancellationRelay relay, UserCall call, RecordedPages recorded)
    {
        run.CheckInside(client);
        UserCall.Current = call;
        SynchronizationContext.SetSynchronizationContext(null); // as in CallAsync
        client.Calls++;
        try
        {
            if (await relay.EndOnThread(pages.MoveNextAsync()).ConfigureAwait(false))
            {
                recorded.Add(pages.Current.Bytes);
                return true;
            }

            call.LastAnswer = (new RecordedReply(ReplyStatus.Ok, null, null, recorded.ToArray()), call.LastAnswer!.Value.Index);
            run.OnReturned(call, null);
            return false;
        }
        catch (Exception e)
        {
            run.OnReturned(call, e);
            throw;
        }
        finally
        {
            client.Calls--;
        }
    }

    /// <summary>Events are no part of the history: they are compared with the log by whoever watches.</summary>
    public async ValueTask<EventPage> ReadEventsAsync(EventRequest request, CancellationToken cancellationToken)
    {
        run.CheckThread(); // a watch asks again by itself, and then without the user's context
        SynchronizationContext.SetSynchronizationContext(null);
        client.Calls++;
        using var relay = new CancellationRelay(run, cancellationToken);
        try
        {
            return await relay.EndOnThread(channel.ReadEventsAsync(request, relay.Token)).ConfigureAwait(false);
        }
        finally
        {
            client.Calls--;
        }
    }

    private async ValueTask<ReplyBuffer> CallAsync(RequestBuffer request, bool isQuery, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        run.CheckInside(client);
        UserCall call = run.OnCalled(client, request.Written.ToArray(), isQuery, inPages: false, consistency, session, key);
        UserCall.Current = call;
        SynchronizationContext.SetSynchronizationContext(null); // for the rest of this method; its caller's is restored where it first waits
        client.Calls++;
        using var relay = new CancellationRelay(run, cancellationToken);
        try
        {
            ReplyBuffer reply = await relay.EndOnThread(isQuery ? channel.QueryAsync(request, consistency, relay.Token) : channel.CommandAsync(request, relay.Token)).ConfigureAwait(false);
            run.OnReturned(call, null);
            return reply;
        }
        catch (Exception e)
        {
            run.OnReturned(call, e);
            throw;
        }
        finally
        {
            client.Calls--;
        }
    }

    /// <summary>
    /// A user's cancellation comes in the user's context, and would drive the library's continuations to the thread pool: it becomes an event of its own. A delay before a retry still ends in the pool when it is
    /// cancelled (as every cancelled <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/>), so the run stands still until the call has ended there, and goes on with it here.
    /// </summary>
    private sealed class CancellationRelay : IDisposable
    {
        private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(5);
        private readonly ClusterWorkload _run;
        private readonly CancellationTokenSource? _source;
        private readonly CancellationTokenRegistration _registration;
        private TaskCompletionSource? _ended;
        private Task? _call;

        public CancellationRelay(ClusterWorkload run, CancellationToken token)
        {
            _run = run;
            if (!token.CanBeCanceled)
                return;
            _source = new CancellationTokenSource();
            if (token.IsCancellationRequested)
                _source.Cancel();
            else
                _registration = token.UnsafeRegister(_ => run.OnCancelled(Cancel), null);
        }

        public CancellationToken Token => _source?.Token ?? CancellationToken.None;

        /// <summary>Ends as the call does, on the thread of the run.</summary>
        public ValueTask<T> EndOnThread<T>(ValueTask<T> call) => _source is null || call.IsCompleted ? call : WaitAsync(call.AsTask());

        public void Dispose() => _registration.Dispose();

        private async ValueTask<T> WaitAsync<T>(Task<T> call)
        {
            _call = call;
            var ended = _ended = new TaskCompletionSource();
            _ = call.ContinueWith(
                _ =>
                {
                    if (_run.IsOnThread)
                        ended.TrySetResult();
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            await ended.Task.ConfigureAwait(false);
            return await call.ConfigureAwait(false);
        }

        private void Cancel()
        {
            _source!.Cancel();
            if (_call is not null && SpinWait.SpinUntil(() => _call.IsCompleted, EndsWithin))
                _ended!.TrySetResult();
        }
    }
}
