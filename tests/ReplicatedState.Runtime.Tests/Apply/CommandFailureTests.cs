using System.Buffers;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class CommandFailureTests
{
    private readonly Replica _replica = new();

    [Fact]
    public void An_exception_of_the_command_is_its_replicated_result_and_the_machine_goes_on()
    {
        ulong session = _replica.OpenSession();
        Answer first = _replica.Call(session, 1, Tally.Throw("value"));

        Assert.Equal((ReplyStatus.Failed, "System.InvalidOperationException", "the value was wrong"), (first.Status, first.Code, first.Message));
        Assert.Null(_replica.Machine.HaltReason);
        Assert.Equal(1, _replica.Total("thrown"));
        Assert.Single(_replica.Failures);
        Assert.Equal(1, _replica.CallOnce(Tally.Add("a", 1))!.Number);
    }

    [Fact]
    public void Only_the_exceptions_type_is_kept_so_a_retry_is_told_that_the_message_is_gone()
    {
        ulong session = _replica.OpenSession();
        _replica.Call(session, 1, Tally.Throw("value"));
        Answer retry = _replica.Call(session, 1, Tally.Throw("value"));

        Assert.Equal((ReplyStatus.Failed, "System.InvalidOperationException"), (retry.Status, retry.Code));
        Assert.DoesNotContain("the value was wrong", retry.Message, StringComparison.Ordinal);
        Assert.Equal(1, _replica.Total("thrown"));
        Assert.Single(_replica.Failures);
    }

    [Fact]
    public void Replicas_whose_exceptions_say_something_else_agree_on_the_hash_all_the_same()
    {
        var other = new Replica();
        Answer one = _replica.CallOnce(Tally.Throw("value"))!;
        Answer two = other.CallOnce(Tally.Throw("number"))!;

        Assert.NotEqual(one.Message, two.Message);
        Assert.Equal(_replica.Machine.ApplyHash, other.Machine.ApplyHash);
    }

    [Fact]
    public void A_generic_exceptions_name_holds_no_assembly_version()
    {
        Answer answer = _replica.CallOnce(Tally.Throw("generic"))!;
        Assert.Equal("ReplicatedState.Runtime.Tests.Apply.Harness.GenericException`1[System.Int32]", answer.Code);
    }

    [Fact]
    public void An_exception_that_can_not_be_described_is_a_result_like_any_other()
    {
        Answer answer = _replica.CallOnce(Tally.Throw("message-throws"))!;
        Assert.Equal(ReplyStatus.Failed, answer.Status);
        Assert.Contains("InvalidOperationException", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rejection_discards_what_was_written_of_the_reply()
    {
        Answer answer = _replica.CallOnce(Tally.Reject("code", ""))!;
        Assert.Equal((ReplyStatus.Rejected, "code", "", ""), (answer.Status, answer.Code, answer.Message, answer.Body));
        Assert.Empty(_replica.Failures);
    }

    [Theory]
    [InlineData("value", ReplyStatus.Failed)]
    [InlineData("memory", ReplyStatus.Failed)]
    [InlineData("message-throws", ReplyStatus.Failed)]
    [InlineData("invalid-command", ReplyStatus.InvalidCommand)]
    public void A_query_that_throws_concerns_its_caller_alone_and_leaves_no_half_answer(string kind, ReplyStatus expected)
    {
        (ReplyStatus status, int written, string? message) = Query(Tally.Throw(kind));
        Assert.Equal(expected, status);
        Assert.Equal(0, written);
        Assert.NotEmpty(message!);
        Assert.Null(_replica.Machine.HaltReason);
    }

    [Fact]
    public void A_query_may_reject()
    {
        var body = new ArrayBufferWriter<byte>();
        ReplyStatus status = _replica.Machine.Query(new ReadOnlySequence<byte>(Tally.Reject("code", "why")), body, out string? code, out string? message);
        Assert.Equal((ReplyStatus.Rejected, "code", "why"), (status, code, message));
    }

    [Fact]
    public void An_unknown_query_is_refused() => Assert.Equal(ReplyStatus.UnknownCommand, Query(Tally.Unknown()).Status);

    [Fact]
    public void Bytes_that_are_no_query_are_refused() => Assert.Equal(ReplyStatus.InvalidCommand, Query([0xC1]).Status);

    private (ReplyStatus Status, int Written, string? Message) Query(byte[] query)
    {
        var body = new ArrayBufferWriter<byte>();
        ReplyStatus status = _replica.Machine.Query(new ReadOnlySequence<byte>(query), body, out _, out string? message);
        return (status, body.WrittenCount, message);
    }
}
