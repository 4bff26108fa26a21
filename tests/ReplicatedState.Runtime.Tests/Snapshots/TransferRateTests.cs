using ReplicatedState.Runtime.Snapshots;

namespace ReplicatedState.Runtime.Tests.Snapshots;

public sealed class TransferRateTests
{
    [Theory]
    [InlineData(1_000, 7)]
    [InlineData(1_000, 5_000)]
    [InlineData(64 * 1024 * 1024, 256 * 1024)]
    public void The_mean_rate_holds_for_pieces_smaller_and_larger_than_a_burst(long bytesPerSecond, int piece)
    {
        var rate = new TransferRate(bytesPerSecond);
        long sent = 0;
        const long Seconds = 60;
        for (long nowMs = 1_000_000; nowMs < 1_000_000 + (Seconds * 1000); nowMs += 10)
        {
            while (rate.TryTake(piece, nowMs))
                sent += piece;
        }

        long burst = Math.Max(piece, bytesPerSecond / 10);
        Assert.InRange(sent, (bytesPerSecond * Seconds * 9 / 10) - burst, (bytesPerSecond * Seconds) + (2 * burst));
    }

    [Fact]
    public void A_long_silence_earns_no_more_than_a_burst()
    {
        var rate = new TransferRate(1000);
        Assert.True(rate.TryTake(100, 0));
        Assert.False(rate.TryTake(1, 0));
        long sent = 0;
        while (rate.TryTake(1, 1_000_000_000))
            sent++;
        Assert.Equal(100, sent);
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        var rate = new TransferRate(0);
        for (int i = 0; i < 1000; i++)
            Assert.True(rate.TryTake(int.MaxValue, 0));
    }
}
