using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class SessionExpiryTests
{
    private readonly Replica _replica = new();

    public SessionExpiryTests() => _replica.Apply(EntryKind.NoOp);

    [Fact]
    public void A_session_lives_until_it_was_idle_for_its_time_to_live()
    {
        _replica.NowMs += 10 * Replica.MinuteMs; // beyond the floor that the first term set
        ulong session = _replica.OpenSession();
        _replica.NowMs += (10 * Replica.MinuteMs) - 1;
        Assert.Equal(ReplyStatus.Ok, _replica.Call(session, 1, Tally.Add("a", 1)).Status);
        _replica.NowMs += 10 * Replica.MinuteMs;
        Assert.Equal(ReplyStatus.SessionExpired, _replica.Call(session, 2, Tally.Add("a", 1)).Status);
        Assert.Equal(1, _replica.Total("a"));
    }

    [Fact]
    public void Only_idle_sessions_expire()
    {
        ulong idle = _replica.OpenSession();
        ulong busy = _replica.OpenSession();
        for (ulong sequence = 1; sequence <= 5; sequence++)
        {
            _replica.NowMs += 4 * Replica.MinuteMs;
            _replica.Call(busy, sequence, Tally.Add("a", 1), sequence - 1);
        }

        Assert.Equal(1, _replica.Machine.SessionCount);
        Assert.Equal(ReplyStatus.SessionExpired, _replica.Call(idle, 1, Tally.Add("a", 1)).Status);
        Assert.Equal(5, _replica.Total("a"));
    }

    [Fact]
    public void A_retry_keeps_the_session_alive_too()
    {
        ulong session = _replica.OpenSession();
        for (int i = 0; i < 5; i++)
        {
            _replica.NowMs += 9 * Replica.MinuteMs;
            Assert.Equal(1, _replica.Call(session, 1, Tally.Add("a", 1)).Number);
        }
    }

    [Fact]
    public void A_tick_alone_lets_sessions_expire()
    {
        _replica.OpenSession();
        _replica.NowMs += 10 * Replica.MinuteMs;
        _replica.Apply(EntryKind.Tick);
        Assert.Equal(0, _replica.Machine.SessionCount);
    }

    [Fact]
    public void A_new_term_gives_every_session_a_whole_time_to_live_because_nobody_could_call_while_nobody_led()
    {
        ulong session = _replica.OpenSession();
        _replica.NowMs += 24 * 60 * Replica.MinuteMs;
        _replica.Term = 2;
        _replica.Apply(EntryKind.NoOp);
        Assert.Equal(1, _replica.Machine.SessionCount);

        _replica.NowMs += (10 * Replica.MinuteMs) - 1;
        _replica.Apply(EntryKind.Tick);
        Assert.Equal(1, _replica.Machine.SessionCount);

        _replica.NowMs += 1;
        _replica.Apply(EntryKind.Tick);
        Assert.Equal(0, _replica.Machine.SessionCount);
        Assert.Equal(ReplyStatus.SessionExpired, _replica.Call(session, 1, Tally.Add("a", 1)).Status);
    }

    [Fact]
    public void The_first_entry_of_a_term_spares_sessions_even_if_it_is_a_command()
    {
        ulong session = _replica.OpenSession();
        _replica.NowMs += 60 * Replica.MinuteMs;
        _replica.Term = 2;
        Assert.Equal(ReplyStatus.Ok, _replica.Call(session, 1, Tally.Add("a", 1)).Status);
    }

    [Fact]
    public void The_grace_of_a_new_term_survives_a_snapshot()
    {
        ulong session = _replica.OpenSession();
        _replica.NowMs += 60 * Replica.MinuteMs;
        _replica.Term = 2;
        _replica.Apply(EntryKind.NoOp);

        Replica restored = _replica.Restored();
        restored.NowMs += 9 * Replica.MinuteMs;
        Assert.Equal(ReplyStatus.Ok, restored.Call(session, 1, Tally.Add("a", 1)).Status);
    }

    [Fact]
    public void Idempotency_keys_are_forgotten_after_their_time_to_live_counted_from_the_first_use()
    {
        _replica.NowMs += 10 * Replica.MinuteMs;
        _replica.CallKeyed("key"u8, Tally.Add("a", 1));
        _replica.NowMs += 9 * Replica.MinuteMs;
        Assert.Equal(1, _replica.CallKeyed("key"u8, Tally.Add("a", 1)).Number);
        _replica.NowMs += Replica.MinuteMs;
        Assert.Equal(2, _replica.CallKeyed("key"u8, Tally.Add("a", 1)).Number);
    }

    [Fact]
    public void A_new_term_spares_idempotency_keys_too()
    {
        _replica.CallKeyed("key"u8, Tally.Add("a", 1));
        _replica.NowMs += 60 * Replica.MinuteMs;
        _replica.Term = 2;
        Assert.Equal(1, _replica.CallKeyed("key"u8, Tally.Add("a", 1)).Number);
    }
}
