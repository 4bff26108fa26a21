namespace ReplicatedState.Client;

/// <summary>The node that a machine's calls go to: the leader as far as known, else whichever comes next. Or one that nothing can replace.</summary>
/// <param name="directory">The nodes.</param>
/// <param name="only">The node that alone can serve, whatever becomes of it; null where any may.</param>
internal sealed class PreferredEndpoint(EndpointDirectory directory, IClientEndpoint? only = null)
{
    private volatile IClientEndpoint _current = only ?? directory.First;

    /// <summary>Where the next call goes.</summary>
    public IClientEndpoint Current => _current;

    /// <summary>A node named the leader. False where that leads nowhere new.</summary>
    public bool TryFollow(string? address, IClientEndpoint asked)
    {
        if (only is not null || address is null || directory.Find(address) is not { } leader || ReferenceEquals(leader, asked))
            return false;
        leader.Encourage();
        _current = leader;
        return true;
    }

    /// <summary>A node could not serve; goes on to the next, unless another call did so already.</summary>
    public void Leave(IClientEndpoint failed)
    {
        if (only is null && ReferenceEquals(_current, failed))
            Interlocked.CompareExchange(ref _current!, directory.After(failed), failed);
    }
}
