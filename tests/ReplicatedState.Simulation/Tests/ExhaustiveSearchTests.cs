using ReplicatedState.Consensus;
using ReplicatedState.Testing;
using ReplicatedState.Testing.Exhaustive;

namespace ReplicatedState.Simulation.Tests;

public sealed class ExhaustiveSearchTests
{
    private static readonly ExhaustiveBounds OneElection = new() { Terms = 1, Commands = 0, Crashes = 0, NetworkFaults = 0 };

    [Fact]
    public void Every_order_of_an_election_and_its_first_entry_keeps_every_promise()
    {
        ExhaustiveResult result = new ExhaustiveSearch(OneElection, CoreMutant.None).Run();
        Assert.Null(result.Violation);
        Assert.True(result.IsExhausted);
        Assert.True(result.States > 1000, $"{result.States} states");
    }

    [Fact]
    public void What_follows_the_first_elections_in_all_bounds_of_the_design_keeps_every_promise()
    {
        ExhaustiveResult result = new ExhaustiveSearch(new ExhaustiveBounds(), CoreMutant.None).Run(statesMax: 5_000);
        Assert.Null(result.Violation);
        Assert.False(result.IsExhausted);
    }

    [Fact]
    public void A_vote_that_is_not_written_down_is_found_in_the_first_steps()
    {
        ExhaustiveResult result = new ExhaustiveSearch(new ExhaustiveBounds(), CoreMutant.VoteNotPersisted).Run(statesMax: 1_000);
        Assert.StartsWith("I13", result.Violation, StringComparison.Ordinal);
        Assert.Equal(["node 1 campaigns → Candidate, term 2, log to 1/1, commit 1", $"the oldest of 1 writes of node 1 is durable: {result.Violation}"], result.Schedule);
    }

    [Fact]
    public void An_acknowledgement_before_the_disk_has_the_entry_is_found()
    {
        ExhaustiveResult result = new ExhaustiveSearch(new ExhaustiveBounds(), CoreMutant.AckBeforeDurable).Run(statesMax: 10_000);
        Assert.StartsWith("I13", result.Violation, StringComparison.Ordinal);
        Assert.Equal(result.Depth, result.Schedule.Count);
    }

    [Fact]
    public void An_old_entry_that_is_committed_by_counting_is_found_without_being_told_how()
    {
        ExhaustiveResult result = new ExhaustiveSearch(OneElection with { Terms = 2, SlowDisks = false }, CoreMutant.CommitOldTermByCount).Run(statesMax: 50_000);
        Assert.StartsWith("I8", result.Violation, StringComparison.Ordinal);
        Assert.EndsWith(result.Violation!, result.Schedule[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_of_an_old_term_that_changes_something_is_found()
    {
        ExhaustiveResult result = new ExhaustiveSearch(OneElection with { Terms = 2, Crashes = 1, SlowDisks = false }, CoreMutant.StaleAckCounted).Run(statesMax: 50_000);
        Assert.StartsWith("old term", result.Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_is_the_same_every_time()
    {
        Assert.Equal(Search(), Search());

        static (int States, long Steps, int Depth) Search()
        {
            ExhaustiveResult result = new ExhaustiveSearch(new ExhaustiveBounds(), CoreMutant.None).Run(statesMax: 500);
            return (result.States, result.Steps, result.Depth);
        }
    }

    [Fact]
    public void A_world_equals_its_mirror_image_and_no_other_one()
    {
        ExhaustiveWorld asksNode2 = Elected(voter: 2);
        ExhaustiveWorld asksNode3 = Elected(voter: 3);
        Assert.Equal(RaftRole.Leader, asksNode2.Nodes[0].Core!.Status.Role);
        Assert.Equal(asksNode2.Hash(), asksNode3.Hash());
        PlayOnly(asksNode3, step => step.Kind == ExhaustiveStepKind.Deliver && step.Node == 2);
        Assert.NotEqual(asksNode2.Hash(), asksNode3.Hash());
    }

    [Fact]
    public void What_only_the_core_remembers_tells_worlds_apart()
    {
        var world = new ExhaustiveWorld(new ExhaustiveBounds { SlowDisks = false }, CoreMutant.None, new StateHasher());
        PlayOnly(world, step => step.Kind == ExhaustiveStepKind.Campaign);
        CoreStatus status = world.Nodes[0].Core!.Status;
        TraceHash before = world.Hash();
        world.Nodes[0].Core!.Step(new Message { Kind = MessageKind.VoteResponse, From = new RaftId(2), To = new RaftId(1), Term = 2, Reject = true });
        Assert.Equal(status, world.Nodes[0].Core!.Status); // one refusal of three decides nothing, but is remembered
        Assert.NotEqual(before, world.Hash());
    }

    [Fact]
    public void Worlds_with_equal_hashes_have_equal_futures()
    {
        // What a hash leaves out must make no difference: where two schedules lead to the same hash, so must everything that can follow them.
        var bounds = new ExhaustiveBounds { Terms = 2, Commands = 1, SlowDisks = false };
        var hasher = new StateHasher();
        var futures = new Dictionary<TraceHash, string>();
        int met = 0;
        var schedules = new Queue<ExhaustiveStep[]>([[]]);
        List<ExhaustiveStep> next = [];
        while (futures.Count < 1_000 && schedules.TryDequeue(out ExhaustiveStep[]? schedule))
        {
            ExhaustiveWorld world = Played(schedule);
            world.CollectSteps(next);
            ExhaustiveStep[][] longer = [.. next.Select(step => (ExhaustiveStep[])[.. schedule, step])];
            string future = string.Join(' ', longer.Select(l => Played(l).Hash().ToString()).Order(StringComparer.Ordinal));
            if (futures.TryGetValue(world.Hash(), out string? known))
            {
                met++;
                Assert.Equal(known, future);
                continue;
            }

            futures.Add(world.Hash(), future);
            foreach (ExhaustiveStep[] l in longer)
                schedules.Enqueue(l);
        }

        Assert.True(met > 500, $"{met} times two schedules met");

        ExhaustiveWorld Played(ExhaustiveStep[] schedule)
        {
            var world = new ExhaustiveWorld(bounds, CoreMutant.None, hasher);
            foreach (ExhaustiveStep step in schedule)
                world.Play(step, isReplay: false);
            return world;
        }
    }

    /// <summary>Node 1 asks both others for their votes and leads by this one's.</summary>
    private static ExhaustiveWorld Elected(int voter)
    {
        var world = new ExhaustiveWorld(new ExhaustiveBounds { NetworkFaults = 0, SlowDisks = false }, CoreMutant.None, new StateHasher());
        PlayOnly(world, step => step.Kind == ExhaustiveStepKind.Campaign);
        PlayOnly(world, step => step.Kind == ExhaustiveStepKind.Deliver && step.Node == voter - 1);
        PlayOnly(world, step => step.Kind == ExhaustiveStepKind.Deliver && step.Node == 0);
        return world;
    }

    private static void PlayOnly(ExhaustiveWorld world, Predicate<ExhaustiveStep> which)
    {
        List<ExhaustiveStep> steps = [];
        world.CollectSteps(steps);
        world.Play(steps.First(step => which(step)), isReplay: false);
    }
}
