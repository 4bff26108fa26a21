using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>Long histories, and those that are too hard.</summary>
public sealed class CheckBudgetTests
{
    [Fact]
    public void A_hundred_thousand_operations_of_a_hundred_keys_take_about_as_many_states()
    {
        const int Operations = 100_000;
        List<Operation<RegisterCall, RegisterResult>> history = RandomHistory.Make(7, Operations, keys: 100, values: 0, spread: 500, unknownPerMille: 10);
        HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, history);
        Assert.True(check.Verdict == HistoryVerdict.Linearizable, check.Violation?.Explanation ?? check.Doubt);
        Assert.InRange(check.StatesExplored, Operations / 10, 3L * Operations);
    }

    [Fact]
    public void A_single_key_with_a_hundred_thousand_operations_is_no_harder()
    {
        const int Operations = 100_000;
        List<Operation<RegisterCall, RegisterResult>> history = RandomHistory.Make(8, Operations, keys: 1, values: 0, spread: 5, unknownPerMille: 0);
        HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, history);
        Assert.True(check.Verdict == HistoryVerdict.Linearizable, check.Violation?.Explanation ?? check.Doubt);
        Assert.InRange(check.StatesExplored, Operations / 10, 3L * Operations);
    }

    [Fact]
    public void Many_unknown_writes_that_nobody_read_cost_nothing()
    {
        List<Operation<RegisterCall, RegisterResult>> history = [.. Enumerable.Range(0, 200).Select(i => Script.Parse($"{i} {i}-? w {i}")[0])];
        history.AddRange(Script.Parse("900 1000-1001 w a", "900 1002-1003 r b"));
        HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, history, new CheckBudget { StatesMax = 1_000 });
        Assert.Equal(HistoryVerdict.NotLinearizable, check.Verdict);
    }

    [Fact]
    public void An_exhausted_budget_is_inconclusive_and_says_so()
    {
        HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, TooHard(), new CheckBudget { StatesMax = 10_000 });
        Assert.Equal(HistoryVerdict.Inconclusive, check.Verdict);
        Assert.Null(check.Violation);
        Assert.Contains("Key 'hard' with 41 operations is undecided: 10000 states were explored.", check.Doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_of_one_key_counts_although_another_is_undecided()
    {
        List<Operation<RegisterCall, RegisterResult>> history = [.. TooHard(), .. Script.Parse("1 0-1 w 1", "1 2-3 r 2").Select(o => o with { Key = "easy" })];
        HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, history, new CheckBudget { StatesMax = 10_000 });
        Assert.Equal(HistoryVerdict.NotLinearizable, check.Verdict);
        Assert.Equal("easy", check.Violation!.Key);
    }

    [Fact]
    public void A_budget_gives_the_same_verdict_every_time()
    {
        HistoryCheck<RegisterCall, RegisterResult> first = LinearizabilityChecker.Check(RegisterModel.Register, TooHard(), new CheckBudget { StatesMax = 5_000 });
        HistoryCheck<RegisterCall, RegisterResult> second = LinearizabilityChecker.Check(RegisterModel.Register, TooHard(), new CheckBudget { StatesMax = 5_000 });
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_limit_on_time_is_measured_on_the_clock_that_is_given()
    {
        var clock = new ClockThatRuns();
        HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, TooHard(), new CheckBudget { MillisecondsMax = 5, Clock = clock });
        Assert.Equal(HistoryVerdict.Inconclusive, check.Verdict);
        Assert.Contains("5 ms are over", check.Doubt, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LinearizabilityChecker.Check(RegisterModel.Register, TooHard(), new CheckBudget { MillisecondsMax = 5 }));
    }

    /// <summary>Forty appends at once, and a read of something that none of their 40! orders gives.</summary>
    private static List<Operation<RegisterCall, RegisterResult>> TooHard() =>
    [
        .. Enumerable.Range(0, 40).Select(i => new Operation<RegisterCall, RegisterResult>
        {
            Client = i,
            Call = 0,
            Return = 10,
            Key = "hard",
            Input = new RegisterCall(RegisterCallKind.Append, RegisterValue.Of($"<{i}>")),
            Status = OperationStatus.Ok,
        }),
        new Operation<RegisterCall, RegisterResult>
        {
            Client = 99,
            Call = 20,
            Return = 21,
            Key = "hard",
            Input = new RegisterCall(RegisterCallKind.Read),
            Output = new RegisterResult(RegisterValue.Of("something else")),
            Status = OperationStatus.Ok,
        },
    ];

    /// <summary>A millisecond passes whenever somebody looks.</summary>
    private sealed class ClockThatRuns : Runtime.Scheduling.IClock
    {
        private long _nowMs;

        public long WallMs => _nowMs++;

        public long MonotonicMs => _nowMs++;

        public long MonotonicUs => _nowMs++ * 1000;
    }
}
