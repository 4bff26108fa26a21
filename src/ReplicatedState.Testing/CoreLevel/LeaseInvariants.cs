namespace ReplicatedState.Testing.CoreLevel;

/// <summary>What may be believed by the clock: I18, and how fresh a state is. Judged by true time, which no node knows.</summary>
internal sealed class LeaseInvariants(CommitLedger ledger, CoreNode[] nodes, VirtualClock clock)
{
    private ulong _highestLed;

    /// <summary>After every step of a node.</summary>
    public void AfterStep(CoreNode node)
    {
        if (ledger.HighestLedTerm > _highestLed)
        {
            _highestLed = ledger.HighestLedTerm;
            foreach (CoreNode other in nodes)
                NobodyElseLeads(other);
        }
        else
        {
            NobodyElseLeads(node);
        }

        IsAsFreshAsItSays(node);
    }

    /// <summary>I18: while a lease is valid no other node leads a higher term. A suspended machine serves nobody, and hears of its stall before it does again.</summary>
    private void NobodyElseLeads(CoreNode node)
    {
        if (node.Core is not { } core || node.Clock.IsSuspended)
            return;
        core.Clock = node.Clock.Read(clock);
        if (core.HoldsLease && core.Status.HardState.Term < _highestLed)
            throw new SimulationViolationException("I18", $"{node} holds a lease in term {core.Status.HardState.Term} while term {_highestLed} is led");
    }

    /// <summary>The applied state contains every write that was acknowledged before the moment that the core names.</summary>
    private void IsAsFreshAsItSays(CoreNode node)
    {
        if (node.Core!.StateIsFreshAsOfMs is not { } asOfMs || asOfMs == node.SeenFreshAsOfMs)
            return;
        node.SeenFreshAsOfMs = asOfMs;
        ulong mustHold = ledger.AcknowledgedBefore(node.Clock.TrueTimeOf(asOfMs));
        if (node.Applied < mustHold)
            throw new SimulationViolationException("staleness", $"{node} has applied {node.Applied} and calls that fresh as of a moment when {mustHold} was acknowledged");
    }
}
