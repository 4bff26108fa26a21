using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Requests;

/// <summary>The calls whose entries were appended and not yet applied, by index and term. Owned by the shard.</summary>
/// <remarks>
/// What is applied at an index tells: the same term, and the call was executed; another, and it never will be. Losing leadership tells nothing yet, for the
/// next leader may have the entry. Where nothing is ever applied there, the call ends as unknown.
/// </remarks>
internal sealed class ProposalWaiters
{
    private Waiter[] _ring = new Waiter[64];
    private int _head;
    private int _count;

    /// <summary>Calls that wait, those that gave up counted until their index is applied.</summary>
    public int Count => _count;

    /// <summary>Adds the call whose entry was appended last. Whoever still waits at or above its index was truncated: their fate lies with other nodes.</summary>
    public void Add(ulong index, ulong term, NodeRequest request, Completions completions)
    {
        while (_count > 0 && At(_count - 1).Index >= index)
        {
            ref Waiter overtaken = ref At(--_count);
            if (overtaken.Request is { } unknown)
                completions.OutcomeUnknown(unknown, "Another leader took over before the command was committed; whether it will be executed is not known.");
            overtaken = default;
        }

        if (_count == _ring.Length)
            Grow();
        At(_count++) = new Waiter(index, term, request);
    }

    /// <summary>Ends the call, if any, that waits for what was just applied.</summary>
    public void OnApplied(ulong index, ulong term, in NodeReply reply, Completions completions)
    {
        while (_count > 0 && At(0).Index <= index)
        {
            ref Waiter waiter = ref At(0);
            if (waiter.Request is { } request)
            {
                if (waiter.Index == index && waiter.Term == term)
                    completions.Complete(request, reply);
                else if (waiter.Index == index)
                    completions.NotLeader(request);
                else
                    completions.OutcomeUnknown(request, "The log was replaced before the command's entry was seen to be applied.");
            }

            RemoveFirst();
        }
    }

    /// <summary>A snapshot took the place of everything up to an index: what was executed below it can't be told apart any more.</summary>
    public void OnSnapshotInstalled(ulong through, Completions completions)
    {
        while (_count > 0 && At(0).Index <= through)
        {
            if (At(0).Request is { } request)
                completions.OutcomeUnknown(request, "A snapshot replaced the state before the command's entry was seen to be applied.");
            RemoveFirst();
        }
    }

    /// <summary>Ends the calls whose callers don't wait any longer. Their entries may still be applied.</summary>
    public void ExpireAt(long nowMs, Completions completions)
    {
        for (int i = 0; i < _count; i++)
        {
            ref Waiter waiter = ref At(i);
            if (waiter.Request is not { } request || request.DeadlineMs > nowMs)
                continue;
            waiter.Request = null;
            completions.OutcomeUnknown(request, "The deadline passed while the command was being replicated.");
        }
    }

    /// <summary>Ends all calls.</summary>
    public void Abandon(string why, Completions completions)
    {
        for (; _count > 0; RemoveFirst())
        {
            if (At(0).Request is { } request)
                completions.OutcomeUnknown(request, why);
        }
    }

    private void RemoveFirst()
    {
        At(0) = default;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
    }

    private void Grow()
    {
        var larger = new Waiter[_ring.Length * 2];
        for (int i = 0; i < _count; i++)
            larger[i] = At(i);
        _ring = larger;
        _head = 0;
    }

    private ref Waiter At(int position) => ref _ring[(_head + position) & (_ring.Length - 1)];

    private struct Waiter(ulong index, ulong term, NodeRequest request)
    {
        public readonly ulong Index = index;
        public readonly ulong Term = term;
        public NodeRequest? Request = request;
    }
}
