using ReplicatedState.Consensus;
using ReplicatedState.Testing;
using ReplicatedState.Testing.CoreLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>Bugs that the field has shipped, put back on purpose: the swarm must find each of them within a few seeds, by the promise that it breaks.</summary>
public sealed class PlantedBugTests
{
    private const ulong SeedsMax = 60;
    private const ulong LeaseSeedsMax = 200;

    [Fact]
    public void An_acknowledgement_before_the_disk_has_the_entries_is_found() => Assert.Contains("I13", FirstFind(CoreMutant.AckBeforeDurable), StringComparison.Ordinal);

    [Fact]
    public void A_vote_that_is_not_written_down_is_found() => Assert.Contains("I13", FirstFind(CoreMutant.VoteNotPersisted), StringComparison.Ordinal);

    [Fact]
    public void A_quorum_that_is_off_by_one_is_found() => Assert.Matches("I1:|I5:|I9:", FirstFind(CoreMutant.QuorumOffByOne));

    [Fact]
    public void A_vote_for_a_candidate_whose_log_is_behind_is_found() => Assert.Contains("I3", FirstFind(CoreMutant.NoLogCheckOnVote), StringComparison.Ordinal);

    [Fact]
    public void Committing_an_entry_of_an_old_term_by_counting_is_found() => Assert.Contains("I8", FirstFind(CoreMutant.CommitOldTermByCount), StringComparison.Ordinal);

    [Fact]
    public void A_lease_that_outlives_a_suspension_of_the_machine_is_found() =>
        Assert.Matches("I18:|staleness:", FirstFind(CoreMutant.LeaseOutlivesStall, CoreSimulationProfile.SuspendedLeases));

    [Fact]
    public void Reading_by_a_lease_before_the_term_has_committed_anything_is_found() => Assert.Contains("I10", FirstFind(CoreMutant.LeaseBeforeCommit), StringComparison.Ordinal);

    [Fact]
    public void A_lease_that_counts_from_when_the_answer_came_is_found() =>
        Assert.Contains("I18", FirstFind(CoreMutant.LeaseFromReceipt, CoreSimulationProfile.PartitionedLeases), StringComparison.Ordinal);

    [Fact]
    public void A_lease_that_outlives_the_order_to_campaign_is_found() =>
        Assert.Contains("I18", FirstFind(CoreMutant.LeaseOutlivesTransfer, CoreSimulationProfile.LeasesHandedOver), StringComparison.Ordinal);

    [Fact]
    public void A_node_that_votes_right_after_a_restart_is_found() => Assert.Contains("I18", FirstFind(CoreMutant.NoAbstentionAfterRestart, CoreSimulationProfile.QuickRestarts), StringComparison.Ordinal);

    [Fact]
    public void A_vote_request_of_an_old_term_that_nobody_answers_is_found() => Assert.StartsWith("answer", FirstFind(CoreMutant.OldVoteUnanswered), StringComparison.Ordinal);

    [Fact]
    public void A_member_that_does_not_say_what_its_disk_has_lost_is_found() => Assert.StartsWith("backup", FirstFind(CoreMutant.LostEntriesUnnoticed), StringComparison.Ordinal);

    [Fact]
    public void Counting_what_a_member_has_lost_is_found() => Assert.StartsWith("I5", FirstFind(CoreMutant.LostEntriesCounted), StringComparison.Ordinal);

    [Fact]
    public void A_leader_that_stays_although_it_must_not_lead_is_found() => Assert.StartsWith("distrust", FirstFind(CoreMutant.DivergedLeaderStays), StringComparison.Ordinal);

    /// <summary>The first violation that the planted bug alone causes: the same seed without it keeps every promise.</summary>
    private static string FirstFind(CoreMutant mutant, Func<CoreSimulationOptions, CoreSimulationOptions>? adjust = null)
    {
        ulong seedsMax = adjust is null ? SeedsMax : LeaseSeedsMax;
        adjust ??= static options => options;
        for (ulong seed = 1; seed <= seedsMax; seed++)
        {
            SimulationResult planted = CoreSimulation.Run(seed, options => adjust(options with { Core = options.Core with { Mutant = mutant } }));
            if (planted.Violation is null)
                continue;
            Assert.Null(CoreSimulation.Run(seed, adjust).Violation);
            return planted.Violation;
        }

        throw new Xunit.Sdk.XunitException($"{mutant} was not found within {seedsMax} seeds.");
    }
}
