using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

/// <summary>The apply hash notices whatever two replicas may disagree about.</summary>
public sealed class ApplyHashTests
{
    [Fact]
    public void Equal_logs_give_equal_hashes() => Assert.Equal(HashAfter(_ => { }), HashAfter(_ => { }));

    [Fact]
    public void Another_reply_gives_another_hash() => Differs(replica => replica.CallOnce(Tally.Add("a", 2)), replica => replica.CallOnce(Tally.Add("a", 3)));

    [Fact]
    public void Another_kind_of_entry_gives_another_hash() => Differs(replica => replica.Apply(EntryKind.NoOp), replica => replica.Apply(EntryKind.Tick));

    [Fact]
    public void Another_term_gives_another_hash() => Differs(replica => replica.Apply(EntryKind.NoOp), replica =>
    {
        replica.Term++;
        replica.Apply(EntryKind.NoOp);
    });

    [Fact]
    public void Another_rejection_gives_another_hash() => Differs(replica => replica.CallOnce(Tally.Reject("a", "b")), replica => replica.CallOnce(Tally.Reject("a", "c")));

    [Fact]
    public void A_code_is_not_confused_with_its_message() => Differs(replica => replica.CallOnce(Tally.Reject("ab", "c")), replica => replica.CallOnce(Tally.Reject("a", "bc")));

    [Fact]
    public void A_difference_is_never_forgotten() => Differs(
        replica =>
        {
            replica.CallOnce(Tally.Add("a", 1));
            replica.CallOnce(Tally.Add("b", 1));
        },
        replica =>
        {
            replica.CallOnce(Tally.Add("a", 2));
            replica.CallOnce(Tally.Add("b", 1));
        });

    private static void Differs(Action<Replica> one, Action<Replica> two) => Assert.NotEqual(HashAfter(one), HashAfter(two));

    private static UInt128 HashAfter(Action<Replica> rest)
    {
        var replica = new Replica();
        replica.CallOnce(Tally.Add("a", 1));
        rest(replica);
        return replica.Machine.ApplyHash;
    }
}
