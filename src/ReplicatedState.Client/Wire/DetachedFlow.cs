namespace ReplicatedState.Client.Wire;

/// <summary>Starts something that outlives its caller: the caller's async-locals don't flow into it.</summary>
internal readonly struct DetachedFlow : IDisposable
{
    private readonly AsyncFlowControl? _flow;

    private DetachedFlow(AsyncFlowControl? flow) => _flow = flow;

    /// <summary>Until disposed, on the same thread.</summary>
    public static DetachedFlow Enter() => new(ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow());

    /// <inheritdoc/>
    public void Dispose() => _flow?.Dispose();
}
