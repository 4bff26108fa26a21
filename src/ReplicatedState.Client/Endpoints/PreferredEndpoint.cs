namespace ReplicatedState.Client;

/// <summary>The node that a machine's calls go to: the leader as far as known, else whichever comes next.</summary>
internal sealed class PreferredEndpoint(EndpointDirectory directory)
{
    private volatile IClientEndpoint _current = directory.First;

    /// <summary>Where the next call goes.</summary>
    public IClientEndpoint Current => _current;

    /// <summary>A node named the leader. False where that leads nowhere new.</summary>
    public bool TryFollow(string? address, IClientEndpoint asked)
    {
        if (address is null || directory.Find(address) is not { } leader || ReferenceEquals(leader, asked))
            return false;
        leader.Encourage();
        _current = leader;
        return true;
    }

    /// <summary>A node could not serve; goes on to the next, unless another call did so already.</summary>
    public void Leave(IClientEndpoint failed)
    {
        if (ReferenceEquals(_current, failed))
            Interlocked.CompareExchange(ref _current!, directory.After(failed), failed);
    }
}
