using CsCheck;
using ReplicatedState.Testing;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>The checker against histories of which the verdict is known by construction, or by trying every order.</summary>
public sealed class CheckerPropertyTests
{
    [Fact]
    public void Sequential_executions_made_concurrent_stay_linearizable() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 200], Gen.Int[1, 3], Gen.Int[0, 4], Gen.Int[0, 8], Gen.Int[0, 200], Gen.Bool).Sample(
            (seed, operations, keys, values, spread, unknown, appends) =>
            {
                List<Operation<RegisterCall, RegisterResult>> history = RandomHistory.Make(seed, operations, keys, values, spread, appends ? 0 : unknown, appends);
                HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, history);
                Assert.True(check.Verdict == HistoryVerdict.Linearizable, check.Violation?.Explanation ?? check.Doubt);
            },
            iter: 2_000);

    [Fact]
    public void Small_histories_with_a_wrong_answer_are_judged_as_by_trying_every_order()
    {
        int bad = 0;
        int good = 0;
        Gen.Select(Gen.ULong, Gen.Int[1, 8], Gen.Int[1, 3], Gen.Int[0, 5], Gen.Int[0, 500], Gen.Bool).Sample(
            (seed, operations, values, spread, unknown, appends) =>
            {
                List<Operation<RegisterCall, RegisterResult>> history = RandomHistory.Make(seed, operations, keys: 1, values, spread, unknown, appends);
                if (RandomHistory.Corrupted(history, new SeededRandom(~seed), values) is not { } corrupted)
                    return;
                bool expected = BruteForce.IsLinearizable(RegisterModel.Register, corrupted);
                HistoryCheck<RegisterCall, RegisterResult> check = LinearizabilityChecker.Check(RegisterModel.Register, corrupted);
                Assert.Equal(expected ? HistoryVerdict.Linearizable : HistoryVerdict.NotLinearizable, check.Verdict);
                if (check.Violation is { } violation)
                    Explanations.MustHold(RegisterModel.Register, violation);
                Interlocked.Increment(ref expected ? ref good : ref bad);
            },
            iter: 20_000);
        Assert.True(bad > 2_000 && good > 2_000, $"both verdicts come up: {bad} bad, {good} good");
    }

    [Fact]
    public void What_stands_before_the_misfit_is_linearizable_and_with_it_no_longer() =>
        Gen.Select(Gen.ULong, Gen.Int[2, 40], Gen.Int[0, 300]).Sample(
            (seed, operations, unknown) =>
            {
                List<Operation<RegisterCall, RegisterResult>> history = RandomHistory.Make(seed, operations, unknownPerMille: unknown);
                if (RandomHistory.Corrupted(history, new SeededRandom(~seed), values: 3) is not { } corrupted
                    || LinearizabilityChecker.Check(RegisterModel.Register, corrupted).Violation is not { } violation)
                {
                    return;
                }

                long end = violation.Misfit.Return!.Value;
                IEnumerable<Operation<RegisterCall, RegisterResult>> until = corrupted.Where(o => o.Call <= end);
                Assert.Equal(HistoryVerdict.NotLinearizable, LinearizabilityChecker.Check(RegisterModel.Register, until).Verdict);

                // Had the clients stopped just before, nobody would have an answer yet that can't be explained.
                IEnumerable<Operation<RegisterCall, RegisterResult>> before =
                    until.Select(o => o.Return < end ? o : o with { Status = OperationStatus.Unknown, Return = null });
                Assert.Equal(HistoryVerdict.Linearizable, LinearizabilityChecker.Check(RegisterModel.Register, before).Verdict);
            },
            iter: 2_000);

    [Fact]
    public void The_order_in_which_operations_are_listed_does_not_matter() =>
        Gen.Select(Gen.ULong, Gen.Int[2, 60]).Sample(
            (seed, operations) =>
            {
                List<Operation<RegisterCall, RegisterResult>> history = RandomHistory.Make(seed, operations);
                List<Operation<RegisterCall, RegisterResult>> corrupted = RandomHistory.Corrupted(history, new SeededRandom(~seed), values: 3) ?? history;
                Assert.Equal(
                    LinearizabilityChecker.Check(RegisterModel.Register, corrupted).Verdict,
                    LinearizabilityChecker.Check(RegisterModel.Register, Enumerable.Reverse(corrupted)).Verdict);
            },
            iter: 1_000);
}
