using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Runtime.Shards;

// The hash of the whole state, which shows what no reply has shown. It costs a walk over the state, so it is taken where an entry orders it: at the same index on every replica, however busy the group is.
internal sealed partial class GroupReplica
{
    private readonly HashComparison _states;
    private readonly Func<ulong, UInt128?> _ownState;
    private HashCheckpoint _stateAt;
    private bool _ordersStateHash;
    private long _stateOrderedAtMs;

    /// <summary>Every replica shall hash its state at the same index; null where that was proposed.</summary>
    private string? OrderStateHash()
    {
        if (!IsLeader)
            return "This node doesn't lead the group.";
        if (_machine.HaltReason is { } reason)
            return reason;
        ProposeStateHash();
        return null;
    }

    private void ProposeStateHash()
    {
        _stateOrderedAtMs = _core.Clock.MonotonicMs;
        _core.Propose([new ProposalData(EntryKind.Tick, Payload.Of(TickPayload.HashState))]);
    }

    /// <summary>Lends the machine to be hashed where the entry that it applied last orders that; nothing more is applied before.</summary>
    private bool TryLendForStateHash()
    {
        if (!_ordersStateHash)
            return false;
        if (!_machine.IsFilled || _machine.IsStopped)
        {
            _ordersStateHash = false;
            return false;
        }

        GiveWithMachine(new StateHashing(_machine.Lend()));
        return true;
    }

    private void OnStateHashed(UInt128 hash)
    {
        if (_ordersStateHash)
        {
            _ordersStateHash = false;
            _stateAt = new HashCheckpoint(_machine.Applied, hash);
            _states.Clear();
        }

        AnswerInspections(hash);
    }

    private UInt128? OwnState(ulong index) => index == _stateAt.Index ? _stateAt.Hash : null;

    /// <summary>Takes what the members have reported for the index at which this leader has hashed its own state.</summary>
    private void CompareStates(Configuration members, long nowMs)
    {
        if (_stateAt.Index == 0)
            return;
        foreach (RaftId member in members.Members())
        {
            HashCheckpoint state = _reports.Of(member).State;
            // What was reported by a state that is being replaced is void.
            if (IsTrusted(member) && state.Index == _stateAt.Index && _states.EqualAt(member).Index == 0 && !_states.Differs(member))
                _states.Take(member, state, nowMs);
        }

        _states.Compare(_ownState, _stateAt.Index);
    }

    /// <summary>A leader's view of the last comparison of whole states; null elsewhere, and before the first.</summary>
    private StateComparison? DescribeStates(Configuration members)
    {
        if (!IsLeader || _stateAt.Index == 0)
            return null;
        var equal = new List<string>();
        var differing = new List<string>();
        var silent = new List<string>();
        foreach (RaftId member in members.Members())
        {
            bool isEqual = member == _node.Identity.RaftId || _states.EqualAt(member).Index == _stateAt.Index;
            (isEqual ? equal : _states.Differs(member) || !IsTrusted(member) ? differing : silent).Add(NameOf(member));
        }

        return new StateComparison(_stateAt.Index, _stateAt.Hash, equal, differing, silent);
    }
}
