using ReplicatedState.Client;

namespace ReplicatedState.AspNetCore.InProcess;

/// <summary>The client that generated clients of this process use. A type of its own, so that the process may also be a client of another cluster.</summary>
internal sealed class InProcessClient(ReplicatedStateClient client) : IAsyncDisposable
{
    public ReplicatedStateClient Client => client;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => client.DisposeAsync();
}
