using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class SessionCapsTests
{
    [Fact]
    public void A_sequence_beyond_the_window_is_refused_and_may_come_again_when_the_client_has_acknowledged()
    {
        var replica = new Replica(new SessionLimits { WindowMax = 10 });
        ulong session = replica.OpenSession();

        Assert.Equal(ReplyStatus.WindowExceeded, replica.Call(session, 11, Tally.Add("a", 1)).Status);
        Assert.Equal(1, replica.Call(session, 10, Tally.Add("a", 1)).Number);
        Assert.Equal(2, replica.Call(session, 11, Tally.Add("a", 1), acknowledgedUpTo: 1).Number);
    }

    [Fact]
    public void The_default_window_is_4096_sequences()
    {
        var replica = new Replica();
        ulong session = replica.OpenSession();
        Assert.Equal(ReplyStatus.Ok, replica.Call(session, 4096, Tally.Add("a", 1)).Status);
        Assert.Equal(ReplyStatus.WindowExceeded, replica.Call(session, 4097, Tally.Add("a", 1)).Status);
    }

    [Fact]
    public void A_reply_too_large_to_keep_reaches_its_first_caller_and_leaves_a_marker_for_the_retry()
    {
        var replica = new Replica(new SessionLimits { ReplyBytesMax = 1000 });
        ulong session = replica.OpenSession();
        Answer first = replica.Call(session, 1, Tally.Fill(2000));
        Answer retry = replica.Call(session, 1, Tally.Fill(2000));

        Assert.Equal(ReplyStatus.Ok, first.Status);
        Assert.True(first.Body.Length > 2 * 2000);
        Assert.Equal(ReplyStatus.ReplyUnavailable, retry.Status);
        Assert.Equal(ReplyStatus.ReplyUnavailable, replica.Restored().Call(session, 1, Tally.Fill(2000)).Status);
        Assert.Equal(1, replica.Tally.Executions);
    }

    [Fact]
    public void A_huge_reply_under_a_key_leaves_a_marker_too()
    {
        var replica = new Replica(new SessionLimits { ReplyBytesMax = 1000 });
        Assert.Equal(ReplyStatus.Ok, replica.CallKeyed("k"u8, Tally.Fill(2000)).Status);
        Assert.Equal(ReplyStatus.ReplyUnavailable, replica.CallKeyed("k"u8, Tally.Fill(2000)).Status);
        Assert.Equal(ReplyStatus.ReplyUnavailable, replica.Restored().CallKeyed("k"u8, Tally.Fill(2000)).Status);
    }

    [Fact]
    public void A_reply_of_exactly_the_cap_is_kept()
    {
        var replica = new Replica(new SessionLimits { ReplyBytesMax = 1003 });
        ulong session = replica.OpenSession();
        string body = replica.Call(session, 1, Tally.Fill(1000)).Body; // 3 bytes of encoding
        Assert.Equal(2 * 1003, body.Length);
        Assert.Equal(body, replica.Call(session, 1, Tally.Fill(1000)).Body);
        Assert.Equal(body, replica.Restored().Call(session, 1, Tally.Fill(1000)).Body);
    }

    [Fact]
    public void A_session_with_too_many_bytes_of_unacknowledged_replies_executes_nothing_new_until_some_are_acknowledged()
    {
        var replica = new Replica(new SessionLimits { SessionReplyBytesMax = 3000 });
        ulong session = replica.OpenSession();
        for (ulong sequence = 1; sequence <= 3; sequence++)
            replica.Call(session, sequence, Tally.Fill(1000));

        Assert.True(replica.Machine.IsWindowFull(session, 4, 0));
        Assert.Equal(ReplyStatus.WindowExceeded, replica.Call(session, 4, Tally.Fill(1000)).Status);
        Assert.Equal(ReplyStatus.Ok, replica.Call(session, 2, Tally.Fill(1000)).Status);
        Assert.Equal(3, replica.Tally.Executions);

        Assert.False(replica.Machine.IsWindowFull(session, 4, 1));
        Assert.Equal(ReplyStatus.Ok, replica.Call(session, 4, Tally.Fill(1000), acknowledgedUpTo: 1).Status);
        Assert.Equal(4, replica.Tally.Executions);
    }

    [Fact]
    public void A_leader_can_tell_that_a_sequence_is_beyond_the_window_before_it_proposes()
    {
        var replica = new Replica(new SessionLimits { WindowMax = 10 });
        ulong session = replica.OpenSession();
        Assert.False(replica.Machine.IsWindowFull(session, 10, 0));
        Assert.True(replica.Machine.IsWindowFull(session, 11, 0));
        Assert.False(replica.Machine.IsWindowFull(session, 11, 1));
        Assert.False(replica.Machine.IsWindowFull(session + 1, 11, 0));
    }

    [Fact]
    public void Replies_of_all_clients_together_have_a_cap_beyond_which_only_markers_are_kept()
    {
        var replica = new Replica(new SessionLimits { TotalReplyBytesMax = 2500 });
        ulong first = replica.OpenSession();
        ulong second = replica.OpenSession();
        replica.Call(first, 1, Tally.Fill(1000));
        replica.Call(second, 1, Tally.Fill(1000));
        Assert.Equal(ReplyStatus.Ok, replica.Call(second, 2, Tally.Fill(1000)).Status);
        Assert.Equal(ReplyStatus.ReplyUnavailable, replica.Call(second, 2, Tally.Fill(1000)).Status);

        Assert.Equal(ReplyStatus.AlreadyAcknowledged, replica.Call(first, 1, Tally.Fill(1000), acknowledgedUpTo: 1).Status);
        Assert.Equal(ReplyStatus.Ok, replica.Call(second, 3, Tally.Fill(1000)).Status);
        Assert.Equal(ReplyStatus.Ok, replica.Call(second, 3, Tally.Fill(1000)).Status);
    }

    [Fact]
    public void More_sessions_than_the_cap_are_refused_until_one_ends_and_none_is_evicted_for_them()
    {
        var replica = new Replica(new SessionLimits { SessionsMax = 2 });
        ulong first = replica.OpenSession();
        replica.OpenSession();
        Assert.Equal(ReplyStatus.Overloaded, replica.Apply(EntryKind.OpenSession)!.Status);
        Assert.Equal(ReplyStatus.Ok, replica.Call(first, 1, Tally.Add("a", 1)).Status);

        var close = new byte[CloseSessionPayload.Size(first)];
        CloseSessionPayload.Write(close, first);
        replica.Apply(EntryKind.CloseSession, close);
        Assert.Equal(ReplyStatus.Ok, replica.Apply(EntryKind.OpenSession)!.Status);
    }

    [Fact]
    public void When_all_clients_are_gone_nothing_is_kept()
    {
        var replica = new Replica();
        ulong session = replica.OpenSession();
        for (ulong sequence = 1; sequence <= 100; sequence++)
            replica.Call(session, sequence, Tally.Fill((int)sequence), acknowledgedUpTo: sequence / 2);
        replica.CallKeyed("key"u8, Tally.Fill(100));
        Assert.Equal((1, 1), (replica.Machine.SessionCount, replica.Machine.IdempotencyKeyCount));
        Assert.True(replica.Machine.KeptReplyBytes > 50 * 50);
        Assert.Equal(replica.Machine.KeptReplyBytes, replica.Restored().Machine.KeptReplyBytes);

        replica.NowMs += 10 * Replica.MinuteMs;
        replica.Apply(EntryKind.Tick);
        Assert.Equal((0, 0, 0L), (replica.Machine.SessionCount, replica.Machine.IdempotencyKeyCount, replica.Machine.KeptReplyBytes));
    }

    [Theory]
    [InlineData(nameof(SessionLimits.TtlMs))]
    [InlineData(nameof(SessionLimits.SessionsMax))]
    [InlineData(nameof(SessionLimits.WindowMax))]
    [InlineData(nameof(SessionLimits.SessionReplyBytesMax))]
    [InlineData(nameof(SessionLimits.IdempotencyKeysMax))]
    public void A_limit_out_of_range_is_refused_by_name(string limit)
    {
        SessionLimits limits = limit switch
        {
            nameof(SessionLimits.TtlMs) => new SessionLimits { TtlMs = 0 },
            nameof(SessionLimits.SessionsMax) => new SessionLimits { SessionsMax = 0 },
            nameof(SessionLimits.WindowMax) => new SessionLimits { WindowMax = 0 },
            nameof(SessionLimits.SessionReplyBytesMax) => new SessionLimits { SessionReplyBytesMax = 0 },
            _ => new SessionLimits { IdempotencyKeysMax = 0 },
        };
        Assert.Contains(limit, Assert.Throws<ArgumentException>(() => new Replica(limits)).Message, StringComparison.Ordinal);
    }
}
