using ReplicatedState.Consensus;
using ReplicatedState.Testing;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>Where our core is stricter than the reference engine: what a node says about its own disk leaves only after the disk has it (10-raft, P2).</summary>
internal static class PersistOrder
{
    /// <summary>Throws where a message that leaves at once says more than is stored.</summary>
    /// <exception cref="InvariantViolationException">It does.</exception>
    public static void Check(in Message leavesAtOnce, EntryLog stored, HardState storedHardState)
    {
        switch (leavesAtOnce.Kind)
        {
            case MessageKind.Vote:
                Invariant.Holds(
                    storedHardState.Term == leavesAtOnce.Term && storedHardState.Vote == leavesAtOnce.From,
                    "a vote is asked for only when the own vote is stored");
                break;
            case MessageKind.VoteResponse when !leavesAtOnce.Reject:
                Invariant.Holds(
                    storedHardState.Term == leavesAtOnce.Term && storedHardState.Vote == leavesAtOnce.To,
                    "a vote is granted only when it is stored");
                break;
            case MessageKind.AppendResponse when !leavesAtOnce.Reject:
                Invariant.Holds(leavesAtOnce.Log.Index <= stored.LastIndex, "entries are acknowledged only when they are stored");
                break;
        }
    }
}
