using Microsoft.AspNetCore.Connections;

namespace ReplicatedState.AspNetCore.Endpoints;

/// <summary>Closes connections beyond a number. Safe for concurrent use.</summary>
internal sealed class ConnectionLimit(int max)
{
    private int _open;

    /// <summary>Connection middleware that counts those under way.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        if (Interlocked.Increment(ref _open) > max)
        {
            Interlocked.Decrement(ref _open);
            connection.Abort(new ConnectionAbortedException($"More than {max} connections to the peer endpoint (transport.max_connections)."));
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}
