using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>Histories small enough to be judged by eye.</summary>
public sealed class SmallHistoryTests
{
    [Fact]
    public void An_empty_history_is_linearizable() => Assert.Equal(HistoryVerdict.Linearizable, Script.Check().Verdict);

    [Fact]
    public void A_read_after_a_write_sees_it()
    {
        IsLinearizable("1 0-1 w 1", "2 2-3 r 1");
        IsNotLinearizable("1 0-1 w 1", "2 2-3 r nil");
    }

    [Fact]
    public void A_read_beside_a_write_sees_the_old_value_or_the_new()
    {
        IsLinearizable("1 0-9 w 1", "2 2-3 r nil");
        IsLinearizable("1 0-9 w 1", "2 2-3 r 1");
        IsNotLinearizable("1 0-9 w 1", "2 2-3 r 2");
    }

    [Fact]
    public void What_touches_at_one_moment_counts_as_concurrent()
    {
        IsLinearizable("1 0-5 w 1", "2 5-6 r nil");
        IsNotLinearizable("1 0-5 w 1", "2 6-7 r nil");
    }

    [Fact]
    public void A_stale_read_is_found() => IsNotLinearizable("1 0-1 w 1", "1 2-3 w 2", "2 4-5 r 1");

    [Fact]
    public void Reads_that_go_back_are_found()
    {
        IsNotLinearizable("1 0-1 w 1", "1 2-9 w 2", "2 3-4 r 2", "3 5-6 r 1");
        IsLinearizable("1 0-1 w 1", "1 2-9 w 2", "2 3-4 r 1", "3 5-6 r 2");
    }

    [Fact]
    public void A_lost_update_is_found() =>
        IsNotLinearizable("1 0-1 w 1", "1 2-9 cas 1 2 yes", "2 2-9 cas 1 3 yes");

    [Fact]
    public void A_chain_of_swaps_is_put_in_order()
    {
        IsLinearizable("1 0-9 cas 3 4 yes", "2 0-9 cas nil 1 yes", "3 0-9 cas 2 3 yes", "4 0-9 cas 1 2 yes", "5 10-11 r 4");
        IsNotLinearizable("1 0-9 cas 3 4 yes", "2 0-9 cas nil 1 yes", "3 0-9 cas 2 3 yes", "4 0-9 cas 1 2 yes", "5 10-11 r 3");
        IsNotLinearizable("1 0-1 cas 1 2 yes", "2 2-3 cas nil 1 yes");
    }

    [Fact]
    public void A_swap_that_found_another_value_says_what_the_value_was_not()
    {
        IsLinearizable("1 0-1 w 1", "2 2-3 cas 2 3 no", "3 4-5 r 1");
        IsNotLinearizable("1 0-1 w 1", "2 2-3 cas 1 3 no");
    }

    [Fact]
    public void A_write_that_failed_did_not_happen()
    {
        IsLinearizable("1 0-1 w 1", "fail 2 2-3 w 2", "3 4-5 r 1");
        IsNotLinearizable("1 0-1 w 1", "fail 2 2-3 w 2", "3 4-5 r 2");
    }

    [Fact]
    public void An_unknown_write_may_appear_late()
    {
        IsLinearizable("1 0-? w 9", "2 1-2 w 1", "2 3-4 r 1", "2 5-6 w 2", "2 7-8 r 9");
        IsNotLinearizable("1 0-? w 9", "2 1-2 w 1", "2 3-4 r 9", "2 5-6 r 1");
    }

    [Fact]
    public void An_unknown_write_may_never_happen() => IsLinearizable("1 0-? w 9", "2 1-2 w 1", "2 3-4 r 1", "3 5-6 cas 1 2 yes", "3 7-8 r 2");

    [Fact]
    public void An_unknown_write_happens_once_and_not_before_its_call()
    {
        IsNotLinearizable("1 0-? w 9", "2 1-2 r 9", "2 3-4 w 1", "2 5-6 r 9");
        IsNotLinearizable("2 1-2 r 9", "1 3-? w 9");
    }

    [Fact]
    public void Two_unknown_writes_of_one_value_are_two()
    {
        IsLinearizable("1 0-? w 9", "4 6-? w 9", "2 1-2 r 9", "2 3-4 w 1", "2 7-8 r 9");
        IsNotLinearizable("1 0-? w 9", "4 9-? w 9", "2 1-2 r 9", "2 3-4 w 1", "2 7-8 r 9");
    }

    [Fact]
    public void An_unknown_swap_bridges_what_was_read()
    {
        IsLinearizable("1 0-1 w 1", "2 2-? cas 1 2", "3 4-5 r 1", "3 6-7 r 2");
        IsNotLinearizable("1 0-1 w 1", "2 2-? cas 3 2", "3 4-5 r 1", "3 6-7 r 2");
    }

    [Fact]
    public void An_unknown_read_says_nothing() => IsLinearizable("1 0-? r", "2 1-2 w 1", "2 3-4 r 1");

    [Fact]
    public void Keys_are_checked_one_by_one()
    {
        List<Operation<RegisterCall, RegisterResult>> history =
        [
            .. Script.Parse("1 0-1 w 1", "1 4-5 r 1").Select(o => o with { Key = "a" }),
            .. Script.Parse("1 2-3 w 2", "1 6-7 r 1").Select(o => o with { Key = "b" }),
        ];
        HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, history);
        Assert.Equal(HistoryVerdict.NotLinearizable, check.Verdict);
        Assert.Equal("b", check.Violation!.Key);
        Assert.Equal(2, check.Keys);
        Assert.Contains("Key 'b'", check.Violation.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_names_the_misfit_what_would_be_right_and_what_came_before()
    {
        HistoryViolation<RegisterCall, RegisterResult> violation =
            Script.Check("1 0-1 w 1", "2 2-3 w 2", "3 4-5 r 1", "1 6-7 r 2").Violation!;
        Assert.Equal(4, violation.Misfit.Call);
        Assert.Equal(2, violation.Prefix.Count);
        Assert.Contains("'read → 1' of client 3, called at 4, returned at 5,", violation.Explanation, StringComparison.Ordinal);
        Assert.Contains("could only have been 2;", violation.Explanation, StringComparison.Ordinal);
        Assert.Contains("'write 1' of client 1, 'write 2' of client 2", violation.Explanation, StringComparison.Ordinal);
        Assert.Contains("├ 1 write 1 ─┤", violation.Picture, StringComparison.Ordinal);
        Assert.Contains("╞ read → 1 ═╡", violation.Picture, StringComparison.Ordinal);
        Explanations.MustHold(RegisterModel.Register, violation);
    }

    [Fact]
    public void An_answer_without_a_return_and_a_return_before_the_call_are_refused()
    {
        Operation<RegisterCall, RegisterResult> read = Script.Parse("1 5-6 r 1")[0];
        Assert.Throws<ArgumentException>(() => LinearizabilityChecker.Check(RegisterModel.Register, [read with { Return = null }]));
        Assert.Throws<ArgumentException>(() => LinearizabilityChecker.Check(RegisterModel.Register, [read with { Return = 4 }]));
    }

    private static void IsLinearizable(params string[] lines)
    {
        HistoryCheck<RegisterCall, RegisterResult> check = Script.Check(lines);
        Assert.True(check.Verdict == HistoryVerdict.Linearizable, check.Violation?.Explanation ?? check.Doubt);
    }

    private static void IsNotLinearizable(params string[] lines)
    {
        HistoryCheck<RegisterCall, RegisterResult> check = Script.Check(lines);
        Assert.Equal(HistoryVerdict.NotLinearizable, check.Verdict);
        Explanations.MustHold(RegisterModel.Register, check.Violation!);
    }
}
