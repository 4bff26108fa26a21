using ReplicatedState.Client.Wire;

namespace ReplicatedState.Client.Tests.Wire;

public sealed class WakeSignalTests
{
    [Fact]
    public async Task No_signal_is_lost_however_the_two_sides_meet()
    {
        const int Rounds = 200_000;
        var signal = new WakeSignal();
        int produced = 0;
        int consumed = 0;
        Task consumer = Task.Run(async () =>
        {
            while (consumed < Rounds)
            {
                while (consumed < Volatile.Read(ref produced))
                    consumed++;
                if (consumed < Rounds)
                    await signal.WaitAsync();
            }
        });
        Task producer = Task.Run(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Interlocked.Increment(ref produced);
                signal.Set();
            }
        });

        await Task.WhenAll(producer, consumer).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Rounds, consumed);
    }

    [Fact]
    public void A_signal_that_came_before_the_wait_ends_it_at_once()
    {
        var signal = new WakeSignal();
        signal.Set();
        signal.Set();
        Task first = signal.WaitAsync().AsTask();
        Task second = signal.WaitAsync().AsTask();
        Assert.True(first.IsCompletedSuccessfully);
        Assert.False(second.IsCompleted);
    }
}
