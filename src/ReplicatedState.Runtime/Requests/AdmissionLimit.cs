namespace ReplicatedState.Runtime.Requests;

/// <summary>Bounds the calls that are under way on a node. Any thread.</summary>
internal sealed class AdmissionLimit(int callsMax)
{
    private int _calls;

    /// <summary>Calls under way.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Lets a call in; false where there are as many as may be.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _calls) <= callsMax)
            return true;
        Interlocked.Decrement(ref _calls);
        return false;
    }

    /// <summary>A call has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _calls);
}
