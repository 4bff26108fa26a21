using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class ExactlyOnceTests
{
    private readonly Replica _replica = new();

    [Fact]
    public void A_retry_gets_the_first_reply_and_executes_nothing()
    {
        ulong session = _replica.OpenSession();
        Answer first = _replica.Call(session, 1, Tally.Add("a", 5));
        Answer retry = _replica.Call(session, 1, Tally.Add("a", 5));

        Assert.Equal(5, first.Number);
        Assert.Equal((first.Status, first.Body), (retry.Status, retry.Body));
        Assert.Equal(1, _replica.Tally.Executions);
        Assert.Equal(5, _replica.Total("a"));
    }

    [Fact]
    public void Every_position_of_the_window_executes_once_in_whatever_order_it_comes_and_answers_every_retry()
    {
        var limits = new SessionLimits { WindowMax = 100 };
        var replica = new Replica(limits);
        ulong session = replica.OpenSession();
        ulong[] order = [.. Enumerable.Range(1, 100).Select(sequence => (ulong)sequence * 37 % 101)];
        var replies = new Dictionary<ulong, string>();

        foreach (ulong sequence in order)
            replies[sequence] = replica.Call(session, sequence, Tally.Add("a", (long)sequence)).Body;
        foreach (ulong sequence in order.Reverse())
            Assert.Equal(replies[sequence], replica.Call(session, sequence, Tally.Add("a", (long)sequence)).Body);

        Assert.Equal(100, replica.Tally.Executions);
        Assert.Equal(5050, replica.Total("a"));
    }

    [Fact]
    public void A_window_that_moves_on_for_thousands_of_sequences_still_knows_all_that_are_not_acknowledged()
    {
        var replica = new Replica(new SessionLimits { WindowMax = 16 });
        ulong session = replica.OpenSession();
        for (ulong sequence = 1; sequence <= 5000; sequence++)
        {
            ulong acknowledged = sequence > 16 ? sequence - 16 : 0;
            string body = replica.Call(session, sequence, Tally.Add("a", 1), acknowledged).Body;
            Assert.Equal(body, replica.Call(session, sequence, Tally.Add("a", 1), acknowledged).Body);
            ulong oldest = acknowledged + 1;
            Assert.Equal((long)oldest, replica.Call(session, oldest, Tally.Add("a", 1), acknowledged).Number);
        }

        Assert.Equal(5000, replica.Total("a"));
    }

    [Fact]
    public void What_the_client_acknowledged_is_never_executed_again()
    {
        ulong session = _replica.OpenSession();
        _replica.Call(session, 1, Tally.Add("a", 1));
        _replica.Call(session, 2, Tally.Add("a", 1), acknowledgedUpTo: 1);

        Assert.Equal(ReplyStatus.AlreadyAcknowledged, _replica.Call(session, 1, Tally.Add("a", 1), acknowledgedUpTo: 1).Status);
        Assert.Equal(ReplyStatus.AlreadyAcknowledged, _replica.Call(session, 1, Tally.Add("a", 1), acknowledgedUpTo: 0).Status);
        Assert.Equal(2, _replica.Total("a"));
    }

    [Fact]
    public void A_sequence_that_was_acknowledged_without_ever_being_executed_stays_unexecuted()
    {
        ulong session = _replica.OpenSession();
        _replica.Call(session, 9, Tally.Add("a", 1), acknowledgedUpTo: 8);

        Assert.Equal(ReplyStatus.AlreadyAcknowledged, _replica.Call(session, 5, Tally.Add("a", 1)).Status);
        Assert.Equal(1, _replica.Total("a"));
    }

    [Fact]
    public void Sequence_zero_is_never_executed()
    {
        ulong session = _replica.OpenSession();
        Assert.Equal(ReplyStatus.AlreadyAcknowledged, _replica.Call(session, 0, Tally.Add("a", 1)).Status);
        Assert.Equal(0, _replica.Total("a"));
    }

    [Fact]
    public void Acknowledging_everything_there_can_be_ends_the_session_but_not_the_replica()
    {
        ulong session = _replica.OpenSession();
        _replica.Call(session, 1, Tally.Add("a", 1));
        Assert.Equal(ReplyStatus.AlreadyAcknowledged, _replica.Call(session, ulong.MaxValue, Tally.Add("a", 1), ulong.MaxValue).Status);
        Assert.Equal(ReplyStatus.AlreadyAcknowledged, _replica.Call(session, 2, Tally.Add("a", 1)).Status);
        Assert.Equal(1, _replica.Total("a"));
    }

    [Fact]
    public void The_last_sequences_of_all_are_executed_answered_and_forgotten_like_any_other()
    {
        ulong session = _replica.OpenSession();
        for (ulong back = 20; back > 0; back--)
            _replica.Call(session, ulong.MaxValue - back + 1, Tally.Add("a", 1), acknowledgedUpTo: ulong.MaxValue - 20);
        Assert.Equal(20, _replica.Call(session, ulong.MaxValue, Tally.Add("a", 1)).Number);
        Assert.Equal(20, _replica.Restored().Call(session, ulong.MaxValue, Tally.Add("a", 1)).Number);
        Assert.Equal(20, _replica.Total("a"));

        _replica.Call(session, ulong.MaxValue, Tally.Add("a", 1), acknowledgedUpTo: ulong.MaxValue);
        Assert.Equal(0, _replica.Machine.KeptReplyBytes);
        Assert.Equal(0, _replica.Restored().Machine.KeptReplyBytes);
    }

    [Fact]
    public void Sessions_do_not_know_each_others_sequences()
    {
        ulong first = _replica.OpenSession();
        ulong second = _replica.OpenSession();
        _replica.Call(first, 1, Tally.Add("a", 1));
        Assert.Equal(2, _replica.Call(second, 1, Tally.Add("a", 1)).Number);
    }

    [Fact]
    public void A_session_that_nobody_opened_executes_nothing()
    {
        Assert.Equal(ReplyStatus.SessionExpired, _replica.Call(12345, 1, Tally.Add("a", 1)).Status);
        Assert.Equal(0, _replica.Total("a"));
    }

    [Fact]
    public void A_closed_session_executes_nothing_and_may_be_closed_again()
    {
        ulong session = _replica.OpenSession();
        _replica.Call(session, 1, Tally.Add("a", 1));
        var close = new byte[CloseSessionPayload.Size(session)];
        CloseSessionPayload.Write(close, session);

        Assert.Equal(ReplyStatus.Ok, _replica.Apply(EntryKind.CloseSession, close)!.Status);
        Assert.Equal(ReplyStatus.Ok, _replica.Apply(EntryKind.CloseSession, close)!.Status);
        Assert.Equal(ReplyStatus.SessionExpired, _replica.Call(session, 1, Tally.Add("a", 1)).Status);
        Assert.Equal(0, _replica.Machine.SessionCount);
        Assert.Equal(1, _replica.Total("a"));
    }

    [Fact]
    public void A_rejection_is_remembered_like_any_reply()
    {
        ulong session = _replica.OpenSession();
        Answer first = _replica.Call(session, 1, Tally.Reject("no_money", "3 € short"));
        Answer retry = _replica.Call(session, 1, Tally.Reject("no_money", "3 € short"));

        Assert.Equal((ReplyStatus.Rejected, "no_money", "3 € short"), (first.Status, first.Code, first.Message));
        Assert.Equal((first.Status, first.Code, first.Message), (retry.Status, retry.Code, retry.Message));
        Assert.Equal("", first.Body);
        Assert.Equal(1, _replica.Tally.Executions);
    }

    [Fact]
    public void A_command_without_session_or_key_is_executed_as_often_as_it_is_in_the_log()
    {
        Assert.Equal(1, _replica.CallOnce(Tally.Add("a", 1))!.Number);
        Assert.Equal(2, _replica.CallOnce(Tally.Add("a", 1))!.Number);
    }
}
