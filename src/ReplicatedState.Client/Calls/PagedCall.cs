using System.Runtime.CompilerServices;
using ReplicatedState.Client.Sessions;

namespace ReplicatedState.Client.Calls;

/// <summary>A query whose result comes in pages: asked as any query, and from then on bound to the node that answered.</summary>
internal static class PagedCall
{
    public static async IAsyncEnumerable<ReplyBuffer> ReadAsync(
        CallEnvironment environment,
        MachineRoute route,
        SeenHistory seen,
        RequestBuffer request,
        ReadConsistency consistency,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (EndpointReply page, IClientEndpoint node) = await AskAsync(environment, route, seen, request, consistency, cancellationToken).ConfigureAwait(false);
        if (page.Cursor == 0)
        {
            yield return page.Body;
            yield break;
        }

        using var result = new RemoteResult(environment, node, page.Cursor);
        EndpointReply? next = page;
        while (next is { } current)
        {
            result.Begin(current, cancellationToken);
            yield return current.Body;
            next = await result.NextAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<(EndpointReply Page, IClientEndpoint Node)> AskAsync(
        CallEnvironment environment, MachineRoute route, SeenHistory seen, RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        using (request)
        {
            environment.Admit(request, cancellationToken);
            var call = new QueryCall(environment, route) { InPages = true };
            call.Begin(request, consistency, seen);
            AttemptOutcome outcome = await call.AttemptAsync(cancellationToken).ConfigureAwait(false);
            if (outcome.RetryAfter is not null)
                outcome = await environment.Retries.ContinueAsync(call, outcome, cancellationToken).ConfigureAwait(false);
            return outcome.Error is { } error ? throw error : (outcome.Reply, call.AnsweredBy!);
        }
    }
}
