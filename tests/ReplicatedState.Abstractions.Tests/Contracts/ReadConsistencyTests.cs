namespace ReplicatedState.Abstractions.Tests.Contracts;

public sealed class ReadConsistencyTests
{
    private static readonly SessionToken Token = new(1, 0, 7);

    [Fact]
    public void Whoever_asks_for_nothing_asks_for_the_strongest() => Assert.Equal(ReadConsistency.Linearizable, default);

    [Fact]
    public void Each_level_says_what_it_is()
    {
        Assert.Equal(
            ["Linearizable", "Lease", "BoundedStaleness(1500 ms)", "Session", "AtLeast(1.0.7)", "Local"],
            new[]
            {
                ReadConsistency.Linearizable, ReadConsistency.Lease, ReadConsistency.BoundedStaleness(TimeSpan.FromSeconds(1.5)), ReadConsistency.Session,
                ReadConsistency.AtLeast(Token), ReadConsistency.Local,
            }.Select(consistency => consistency.ToString()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    [InlineData(-1)]
    [InlineData(86_400_001)]
    [InlineData(double.MaxValue / 1e300)]
    public void A_bound_that_bounds_nothing_is_refused(double milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ReadConsistency.BoundedStaleness(TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond))));

    [Fact]
    public void What_comes_from_outside_is_put_together_as_it_was_taken_apart()
    {
        ReadConsistency[] all =
        [
            ReadConsistency.Linearizable, ReadConsistency.Lease, ReadConsistency.BoundedStaleness(TimeSpan.FromDays(1)), ReadConsistency.Session, ReadConsistency.AtLeast(Token),
            ReadConsistency.Local,
        ];
        foreach (ReadConsistency sent in all)
        {
            Assert.True(ReadConsistency.TryCreate((ulong)sent.Level, (ulong)sent.MaxStalenessMs, sent.Token, out ReadConsistency received, out string? flaw), flaw);
            Assert.Equal(sent, received);
        }
    }

    [Theory]
    [InlineData(5UL, 0UL, false, "No consistency has the number 5")]
    [InlineData(ulong.MaxValue, 0UL, false, "No consistency has the number 18446744073709551615")]
    [InlineData(3UL, 0UL, false, "needs a bound of 1 to 86400000 ms; this one has 0")]
    [InlineData(3UL, 86_400_001UL, false, "needs a bound of 1 to 86400000 ms; this one has 86400001")]
    [InlineData(0UL, 5UL, false, "Only a query of bounded staleness has a bound; this one is Linearizable")]
    [InlineData(2UL, 0UL, true, "Only a query of a session has a session token; this one is Lease")]
    public void What_makes_no_sense_together_is_named(ulong level, ulong bound, bool hasToken, string words)
    {
        Assert.False(ReadConsistency.TryCreate(level, bound, hasToken ? Token : default, out _, out string? flaw));
        Assert.Contains(words, flaw, StringComparison.Ordinal);
    }
}
