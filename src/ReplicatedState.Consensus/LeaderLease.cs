namespace ReplicatedState.Consensus;

// Dissertation 6.4.1: reads without a round of messages. A voter that hears its leader promises to help nobody else into office for a while, by its own clock, from
// the moment of hearing. The leader counts the same while from when it *sent* what was heard, which is earlier, less what the voter's clock may gain on its own.
// While a quorum's promises stand, nobody else can be elected. Keeps I18: while a lease is valid, no other node leads a higher term.
//
// What the argument rests on:
// - The first later leader's quorum shares a voter with every quorum that a lease is computed from: a lease needs a committed entry of the own term, so that leader's
//   log contains this one up to there, and beyond it only changes of membership that this leader made, one at a time. That voter's promise has run out when it votes.
// - A promise binds whatever else the voter learns: it is kept apart from term, role and known leader. It ends early only by TimeoutNow, after which the leader itself
//   has no lease in its term, however late the order or the votes that it caused arrive. A restart forgets it, so a restarted node abstains for as long.
// - Clocks are read after a message was received and before one is sent (RaftCore.Clock). One that stood still is reported by OnClockStall.
// Nothing is stored that says until when: each use asks anew, under the configuration in force, so there is no expiry that could outlive its reasons.
public sealed partial class RaftCore
{
    private RaftId _promisedTo;
    private long _promisedAtMs;
    private bool _orderedElection;

    /// <summary>
    /// True while this node leads and nobody else can, judged at <see cref="Clock"/>: what is committed here is everything that was acknowledged anywhere.
    /// Always false where leases are off, before the term's first entry is committed, and from a hand-over of leadership until the term changes.
    /// </summary>
    public bool HoldsLease =>
        LeasesOn && !_halted && _role == RaftRole.Leader && _transferTarget.IsNone && !_orderedElection
        && (HasCommittedInTerm || _config.Mutant == CoreMutant.LeaseBeforeCommit)
        && JointQuorum.Reached(Members, new PromiseEnds(this), _config.Mutant) > (ulong)Math.Max(0, Clock.MonotonicMs);

    /// <summary>
    /// Whether the answer to a read may leave: asked with a newer <see cref="Clock"/> after the query ran. False where the read was answered by a lease that doesn't hold any
    /// longer; then it is asked again, with a new context. A read that a quorum confirmed stays good.
    /// </summary>
    public bool MayAnswer(in ConfirmedRead read) => read.LeaseTerm == 0 || (read.LeaseTerm == _term && HoldsLease);

    private bool LeasesOn => _config.LeasePromiseMs > 0;

    /// <summary>The sender was heard as the leader: from now on nobody else is helped, for a while.</summary>
    private void PromiseTo(RaftId leader)
    {
        _promisedTo = leader;
        _promisedAtMs = Clock.MonotonicMs;
    }

    /// <summary>A promise stands that forbids to help this candidate, which may be the node itself. The leader that holds it may ask: it leads no more when it does.</summary>
    private bool IsPromisedElsewhere(RaftId candidate) =>
        LeasesOn && !_promisedTo.IsNone && _promisedTo != candidate && Clock.MonotonicMs - _promisedAtMs <= _config.LeasePromiseMs;

    /// <summary>A member answered what was sent at the time that it echoes, and says for how long it sticks to its leader.</summary>
    private void NotePromise(Progress peer, in Message m)
    {
        long sentAtMs = _config.Mutant == CoreMutant.LeaseFromReceipt ? Clock.MonotonicMs : m.SentAtMs;
        // An answer from before a stall says nothing: how long ago that was, nobody knows.
        if (LeasesOn && sentAtMs > Math.Max(peer.HeardSentAtMs, _stalledAtMs) && sentAtMs <= Clock.MonotonicMs)
            (peer.HeardSentAtMs, peer.PromiseMs) = (sentAtMs, m.PromiseMs);
    }

    private void ForgetPromises()
    {
        for (int i = 0; i < _progress.Count; i++)
            _progress[i].HeardSentAtMs = _progress[i].PromiseMs = 0;
    }

    /// <summary>Until when, by this node's clock, a voter helps nobody else; 0 where it promised nothing. A leader doesn't vote: whoever asks it in a newer term ends its leadership first.</summary>
    private ulong PromiseEndOf(RaftId voter)
    {
        if (voter == _config.Self)
            return ulong.MaxValue;
        if (_progress.Find(voter) is not { PromiseMs: > 0 } peer)
            return 0;
        // Rounded up: what a clock may gain is never taken for less.
        long gainMs = ((peer.PromiseMs * (long)_config.MaxClockDriftPerMille) + 999) / 1000;
        return (ulong)Math.Max(0, peer.HeardSentAtMs + peer.PromiseMs - gainMs - _config.TickMs);
    }

    private readonly struct PromiseEnds(RaftCore core) : JointQuorum.IValues
    {
        public ulong Of(RaftId voter) => core.PromiseEndOf(voter);
    }
}
