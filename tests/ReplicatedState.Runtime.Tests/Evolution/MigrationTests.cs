using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Evolution;

public sealed class MigrationTests
{
    [Fact]
    public void A_newer_binary_behaves_like_the_older_one_until_the_entry_that_activates_its_version()
    {
        LedgerReplica old = LedgerReplica.On<First.Ledger>();
        LedgerReplica lived = LedgerReplica.On<Second.Ledger>();
        Each([old, lived], static replica => replica.Book("ada", 250));
        LedgerReplica restored = old.MovedTo<Second.Ledger>();
        LedgerReplica[] all = [old, lived, restored];

        Each(all, static replica => replica.Book("bob", 5));
        Assert.Single(all.Select(static replica => replica.Machine.ComputeStateHash()).Distinct());
        Assert.Single(all.Select(static replica => replica.Machine.ApplyHash).Distinct());
        Assert.Equal(old.Describe(), lived.MovedTo<First.Ledger>().Describe());
    }

    [Fact]
    public void The_activating_entry_migrates_the_state_of_every_replica_alike()
    {
        LedgerReplica lived = LedgerReplica.On<Second.Ledger>();
        lived.Book("ada", 250);
        LedgerReplica restored = lived.MovedTo<Second.Ledger>();
        LedgerReplica[] all = [lived, restored];

        Each(all, static replica => replica.Activate(2));
        Assert.All(all, static replica => Assert.Equal(" | [ada, 2.5] | ", replica.Describe()));
        Each(all, static replica => replica.Book("ada", 50, "tip"));

        LedgerReplica later = lived.MovedTo<Second.Ledger>();
        Assert.Equal(" | [ada, 3.0] | tip", later.Describe());
        Assert.Single(new[] { lived, restored, later }.Select(static replica => replica.Machine.ComputeStateHash()).Distinct());
    }

    [Fact]
    public void Several_versions_at_once_lead_to_the_state_of_one_after_the_other()
    {
        LedgerReplica atOnce = LedgerReplica.On<Third.Ledger>();
        LedgerReplica oneByOne = LedgerReplica.On<Third.Ledger>();
        Each([atOnce, oneByOne], static replica => replica.Book("ada", 250));
        atOnce.Activate(3);
        oneByOne.Activate(2);
        Assert.Equal(" | [ada, 2.5] |  | ", oneByOne.Describe());
        oneByOne.Activate(3);

        Assert.Equal(" | [ada, 2.5] |  | ", atOnce.Describe());
        Assert.Equal(atOnce.Describe(), oneByOne.Describe());
    }

    [Fact]
    public void A_chain_of_migrations_hands_the_data_on()
    {
        LedgerReplica second = LedgerReplica.On<Second.Ledger>();
        second.Book("ada", 250);
        second.Activate(2);
        second.Book("ada", 50, "tip");
        LedgerReplica third = second.MovedTo<Third.Ledger>();
        LedgerReplica twin = second.MovedTo<Third.Ledger>();

        Each([third, twin], static replica => replica.Activate(3));
        Assert.Equal(" | [ada, 3.0] |  | [1, tip]", third.Describe());
        Assert.Equal(third.Machine.ComputeStateHash(), twin.Machine.ComputeStateHash());
        Assert.Equal(third.Machine.ComputeStateHash(), third.MovedTo<Third.Ledger>().Machine.ComputeStateHash());
    }

    [Fact]
    public void A_migration_that_throws_halts_before_the_entry_and_a_better_one_goes_on_from_there()
    {
        LedgerReplica old = LedgerReplica.On<Second.Ledger>();
        old.Book("unlucky", 1);
        LedgerReplica better = old.MovedTo<Third.Ledger>();

        Assert.Null(old.Activate(2));
        Assert.Contains("its migration to version 2 threw System.InvalidOperationException; install a binary whose migration doesn't, and restart. no such account", old.Machine.HaltReason, StringComparison.Ordinal);
        Assert.Equal(1UL, old.Machine.AppliedIndex);
        Assert.Equal(1, old.Machine.MachineVersion);
        Assert.NotNull(better.Activate(2));
        Assert.Equal(" | [unlucky, 0.01] |  | ", better.Describe());
    }

    [Fact]
    public void A_renamed_member_never_loses_its_data_in_silence()
    {
        LedgerReplica old = LedgerReplica.On<First.Ledger>();
        old.Book("ada", 250);

        var error = Assert.Throws<InvalidSnapshotException>(old.MovedTo<Careless.Ledger>);
        Assert.Contains("which no [State] member of version 1 has", error.Message, StringComparison.Ordinal);
        Assert.Equal(old.Machine.ComputeStateHash(), old.MovedTo<Careful.Ledger>().Machine.ComputeStateHash());
    }

    [Fact]
    public void Data_that_is_given_up_is_named_and_passed_over()
    {
        LedgerReplica old = LedgerReplica.On<First.Ledger>();
        old.Book("ada", 250);

        Assert.Equal(1UL, old.MovedTo<Forgetful.Ledger>().Machine.AppliedIndex);
    }

    [Fact]
    public void An_argument_too_many_in_the_log_halts_a_binary_that_does_not_know_it()
    {
        LedgerReplica old = LedgerReplica.On<First.Ledger>();

        Assert.Null(old.Book("ada", 1, "note"));
        Assert.Contains("takes 2 arguments and was sent 3", old.Machine.HaltReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retired_command_is_still_executed_where_the_log_has_it()
    {
        LedgerReplica replica = LedgerReplica.On<Second.Ledger>();
        replica.Book("ada", 1);

        Assert.Equal(ReplyStatus.Ok, replica.Clear()!.Status);
        Assert.Equal(" |  | early", replica.Describe());
    }

    private static void Each(LedgerReplica[] replicas, Func<LedgerReplica, Answer?> step)
    {
        foreach (LedgerReplica replica in replicas)
            Assert.NotNull(step(replica));
    }
}
