using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class PriorityQueueTests
{
    [Fact]
    public void A_restored_queue_hands_out_equal_priorities_in_the_order_of_the_one_that_lived()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var lived = new Jobs();
            var restored = new Jobs();
            for (int step = 0; step < 60; step++)
            {
                // Both do the same; one is restored from its snapshot after every step.
                int kind = random.Next(6);
                int number = random.Next(40);
                int[] many = [.. Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(3))];
                Assert.Equal(Do(lived, kind, number, many), Do(restored, kind, number, many));
                byte[] snapshot = LocalChannel<Jobs>.Snapshot(lived);
                Assert.Equal(snapshot, LocalChannel<Jobs>.Snapshot(restored));
                restored = LocalChannel<Jobs>.Restore(snapshot);
                Assert.Equal(((IStateMachine)lived).ComputeStateHash(version: 1), ((IStateMachine)restored).ComputeStateHash(version: 1));
            }

            while (lived.Take() is { } job)
                Assert.Equal(job, restored.Take());
            Assert.Null(restored.Take());
        }
    }

    [Fact]
    public async Task A_queue_that_is_sent_is_emptied_by_the_machine_in_the_order_of_the_sender()
    {
        var channel = new LocalChannel<Jobs>();
        var jobs = new PriorityQueue<string, int>(Enumerable.Range(0, 50).Select(static i => ($"{i}", i % 3)));
        var same = new PriorityQueue<string, int>(Enumerable.Range(0, 50).Select(static i => ($"{i}", i % 3)));
        var copy = new Jobs();

        await new JobsClient(channel).ReplaceAsync(jobs);
        copy.Replace(same);

        while (copy.Take() is { } job)
            Assert.Equal(job, channel.Machine.Take());
    }

    private static string? Do(Jobs jobs, int kind, int number, int[] many)
    {
        switch (kind)
        {
            case 0:
                jobs.AddAll(many);
                return null;
            case 1 or 2:
                jobs.Add(number % 3);
                return null;
            case 3:
                return jobs.Cancel(number).ToString();
            default:
                return jobs.Take();
        }
    }
}
