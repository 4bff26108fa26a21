using System.Runtime.CompilerServices;
using ReplicatedState.Serialization;

namespace ReplicatedState.Pages;

/// <summary>The client's side of a query that gives a sequence.</summary>
public static class PagedQuery
{
    /// <summary>Asks the query each time that the result is enumerated, and gives its items as their pages arrive.</summary>
    /// <typeparam name="T">The items.</typeparam>
    /// <param name="channel">Where the query goes.</param>
    /// <param name="write">Writes the encoded query.</param>
    /// <param name="consistency">How recent.</param>
    /// <param name="read">Reads one item.</param>
    /// <param name="call">How the query is named in errors.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="ConsensusException">The query was refused or failed, or the result was interrupted: see the derived types.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        IStateMachineChannel channel,
        Action<RequestBuffer> write,
        ReadConsistency consistency,
        ItemReader<T> read,
        string call,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ReplyBuffer page in channel.QueryPagesAsync(Encode(channel, write), consistency, cancellationToken).ConfigureAwait(false))
        {
            using ReplyBuffer bytes = page;
            PageReader items = Open(bytes.Bytes, call);
            while (items.Remaining > 0)
                yield return Next(ref items, read, call);
        }
    }

    private static RequestBuffer Encode(IStateMachineChannel channel, Action<RequestBuffer> write)
    {
        RequestBuffer request = channel.RentRequest();
        try
        {
            write(request);
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static PageReader Open(ReadOnlyMemory<byte> page, string call)
    {
        try
        {
            return new PageReader(page);
        }
        catch (Exception error) when (CallFormat.IsDecodingError(error))
        {
            throw CallFormat.InvalidReply(call, error);
        }
    }

    private static T Next<T>(ref PageReader items, ItemReader<T> read, string call)
    {
        try
        {
            return items.Read(read);
        }
        catch (Exception error) when (CallFormat.IsDecodingError(error))
        {
            throw CallFormat.InvalidReply(call, error);
        }
    }
}
