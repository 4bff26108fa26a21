using CsCheck;
using ReplicatedState.Testing;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>The validator that takes the log's word for the order, and holds the service to it.</summary>
public sealed class IndexOrderedValidatorTests
{
    [Fact]
    public void What_was_executed_in_the_order_of_the_log_is_right() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 300], Gen.Int[1, 5], Gen.Int[0, 4]).Sample(
            (seed, operations, keys, values) =>
            {
                IndexOrderCheck check = IndexOrderedValidator.Check(RegisterModel.Register, RandomHistory.Make(seed, operations, keys, values, unknownPerMille: 0));
                Assert.True(check.Verdict == HistoryVerdict.Linearizable, check.Explanation);
                Assert.Equal(operations, check.Operations);
            },
            iter: 500);

    [Fact]
    public void Every_wrong_answer_is_found() =>
        Gen.Select(Gen.ULong, Gen.Int[2, 60], Gen.Int[1, 3]).Sample(
            (seed, operations, values) =>
            {
                List<Operation<RegisterCall, RegisterResult>> history = RandomHistory.Make(seed, operations, keys: 2, values, unknownPerMille: 0);
                List<Operation<RegisterCall, RegisterResult>>? corrupted = RandomHistory.Corrupted(history, new SeededRandom(~seed), values);
                if (corrupted is null || corrupted.Zip(history).All(p => p.First.Output == p.Second.Output))
                    return;
                IndexOrderCheck check = IndexOrderedValidator.Check(RegisterModel.Register, corrupted);
                Assert.Equal(HistoryVerdict.NotLinearizable, check.Verdict);
                Assert.Contains("should have been answered", check.Explanation, StringComparison.Ordinal);
            },
            iter: 1_000);

    [Fact]
    public void An_order_against_real_time_is_found()
    {
        List<Operation<RegisterCall, RegisterResult>> history = Script.Parse("1 0-1 w 1", "2 2-3 w 2", "3 4-5 w 3");
        Assert.Equal(HistoryVerdict.Linearizable, Check(history, 1, 2, 3).Verdict);
        IndexOrderCheck check = Check(history, 2, 1, 3);
        Assert.Equal(HistoryVerdict.NotLinearizable, check.Verdict);
        Assert.Contains("'write 1' of client 1, called at 0, returned at 1, stands at 2, behind 'write 2' of client 2 at 1, which was called only afterwards, at 2.", check.Explanation, StringComparison.Ordinal);
        Assert.Equal(HistoryVerdict.NotLinearizable, Check(history, 1, 3, 2).Verdict);
        Assert.Equal(HistoryVerdict.NotLinearizable, Check(history, 3, 1, 2).Verdict);
    }

    [Fact]
    public void A_stale_query_is_found_although_the_state_that_it_saw_was_right_once()
    {
        List<Operation<RegisterCall, RegisterResult>> history = Script.Parse("1 0-1 w 1", "1 2-3 w 2", "2 4-5 r 1", "3 4-5 r 2");
        history = [history[0] with { LogIndex = 5 }, history[1] with { LogIndex = 7 }, history[2] with { LogIndex = 6, IsQuery = true }, history[3] with { LogIndex = 7, IsQuery = true }];
        IndexOrderCheck check = IndexOrderedValidator.Check(RegisterModel.Register, history);
        Assert.Contains("'write 2' of client 1, called at 2, returned at 3, stands at 7, behind 'read → 1' of client 2 at 6", check.Explanation, StringComparison.Ordinal);
        Assert.Equal(HistoryVerdict.Linearizable, IndexOrderedValidator.Check(RegisterModel.Register, [history[0], history[1], history[3]]).Verdict);
    }

    [Fact]
    public void Queries_of_one_index_have_no_order_among_themselves()
    {
        List<Operation<RegisterCall, RegisterResult>> history = Script.Parse("1 0-1 w 1", "2 6-7 r 1", "3 2-3 r 1");
        history = [history[0] with { LogIndex = 5 }, history[1] with { LogIndex = 5, IsQuery = true }, history[2] with { LogIndex = 5, IsQuery = true }];
        Assert.Equal(HistoryVerdict.Linearizable, IndexOrderedValidator.Check(RegisterModel.Register, history).Verdict);
    }

    [Fact]
    public void Two_commands_with_one_index_are_found() =>
        Assert.Contains("were both told index 4", Check(Script.Parse("1 0-9 w 1", "2 0-9 w 2"), 4, 4).Explanation, StringComparison.Ordinal);

    [Fact]
    public void Without_the_log_an_unknown_operation_may_be_what_is_missing()
    {
        List<Operation<RegisterCall, RegisterResult>> history = Script.Parse("1 0-? w 9", "2 2-3 w 1", "3 4-5 r 9");
        history = [history[0], history[1] with { LogIndex = 2 }, history[2] with { LogIndex = 3, IsQuery = true }];
        IndexOrderCheck check = IndexOrderedValidator.Check(RegisterModel.Register, history);
        Assert.Equal(HistoryVerdict.Inconclusive, check.Verdict);
        Assert.Contains("Or one of 1 operations of unknown outcome", check.Explanation, StringComparison.Ordinal);
        Assert.Equal(HistoryVerdict.NotLinearizable, IndexOrderedValidator.Check(RegisterModel.Register, history[1..]).Verdict);
    }

    [Fact]
    public void With_the_log_every_command_is_accounted_for()
    {
        List<Operation<RegisterCall, RegisterResult>> history = Script.Parse("1 0-? w 9", "2 2-3 w 1", "3 4-5 r 9", "fail 4 6-7 w 4");
        history =
        [
            history[0] with { Serial = 1 }, history[1] with { Serial = 1 }, history[2] with { LogIndex = 3, IsQuery = true }, history[3] with { Serial = 1 },
        ];
        ExecutedCommand[] log = [new(2, 2, 1), new(3, 1, 1)];
        Assert.Equal(HistoryVerdict.Linearizable, Verdict(log));
        Assert.Contains("should have been answered 1", Explanation(log[..1]), StringComparison.Ordinal);
        Assert.Contains("executed twice: at 2 and at 4", Explanation([.. log, new(4, 2, 1)]), StringComparison.Ordinal);
        Assert.Contains("'write 1' of client 2 was acknowledged and is not in the log", Explanation(log[1..]), StringComparison.Ordinal);
        Assert.Contains("'write 4 → ?' of client 4 was refused and is in the log at 4", Explanation([.. log, new(4, 4, 1)]), StringComparison.Ordinal);
        Assert.Contains("command 8 of client 5 at 4, which is not in the history", Explanation([.. log, new(4, 5, 8)]), StringComparison.Ordinal);
        Assert.Contains("index 1 behind 3", Explanation([.. log, new(1, 5, 8)]), StringComparison.Ordinal);

        HistoryVerdict Verdict(ExecutedCommand[] executed) => IndexOrderedValidator.Check(RegisterModel.Register, history, executed).Verdict;
        string? Explanation(ExecutedCommand[] executed) => IndexOrderedValidator.Check(RegisterModel.Register, history, executed).Explanation;
    }

    [Fact]
    public void An_answer_without_an_index_is_refused() =>
        Assert.Throws<ArgumentException>(() => IndexOrderedValidator.Check(RegisterModel.Register, Script.Parse("1 0-1 w 1")));

    [Fact]
    public void What_it_accepts_is_linearizable() =>
        Gen.Select(Gen.ULong, Gen.Int[2, 30]).Sample(
            (seed, operations) =>
            {
                List<Operation<RegisterCall, RegisterResult>> history = RandomHistory.Make(seed, operations, values: 2, unknownPerMille: 0);
                List<Operation<RegisterCall, RegisterResult>> other = RandomHistory.Corrupted(history, new SeededRandom(~seed), values: 2) ?? history;
                if (IndexOrderedValidator.Check(RegisterModel.Register, other).Verdict == HistoryVerdict.Linearizable)
                    Assert.Equal(HistoryVerdict.Linearizable, LinearizabilityChecker.Check(RegisterModel.Register, other).Verdict);
            },
            iter: 2_000);

    private static IndexOrderCheck Check(List<Operation<RegisterCall, RegisterResult>> history, params ulong[] indexes) =>
        IndexOrderedValidator.Check(RegisterModel.Register, history.Select((o, i) => o with { LogIndex = indexes[i] }));
}
