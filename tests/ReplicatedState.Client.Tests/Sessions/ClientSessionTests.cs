using ReplicatedState.Client.Sessions;

namespace ReplicatedState.Client.Tests.Sessions;

public sealed class ClientSessionTests
{
    [Fact]
    public void Sequences_begin_with_1_and_are_acknowledged_without_gaps()
    {
        var session = new ClientSession(5);
        for (ulong expected = 1; expected <= 3; expected++)
        {
            Assert.True(session.TryTake(out ulong sequence));
            Assert.Equal(expected, sequence);
        }

        session.Finish(2);
        Assert.Equal(0UL, session.AcknowledgedUpTo);
        session.Finish(1);
        Assert.Equal(2UL, session.AcknowledgedUpTo);
        Assert.False(session.IsIdle);
        session.Finish(3);
        Assert.True(session.IsIdle);
    }

    [Fact]
    public void The_window_is_never_exceeded_and_opens_again_from_its_lower_end()
    {
        var session = new ClientSession(5);
        for (int i = 0; i < ClientSession.Window; i++)
            Assert.True(session.TryTake(out _));
        Assert.False(session.TryTake(out _));
        session.Finish(2);
        Assert.False(session.TryTake(out _));
        session.Finish(1);
        Assert.True(session.TryTake(out ulong next));
        Assert.Equal((ulong)ClientSession.Window + 1, next);
    }

    [Fact]
    public void Whatever_the_order_of_answers_the_acknowledged_sequence_is_the_lowest_open_one_less_one()
    {
        var random = new Random(17);
        var session = new ClientSession(5);
        var open = new List<ulong>();
        for (int step = 0; step < 50_000; step++)
        {
            if (random.Next(2) == 0 && session.TryTake(out ulong sequence))
                open.Add(sequence);
            else if (open.Count > 0)
            {
                int index = random.Next(open.Count);
                session.Finish(open[index]);
                open.RemoveAt(index);
            }

            if (open.Count > 0)
                Assert.Equal(open.Min() - 1, session.AcknowledgedUpTo);
        }
    }

    [Fact]
    public void A_retired_session_gives_out_no_sequence()
    {
        var session = new ClientSession(5) { IsRetired = true };
        Assert.False(session.TryTake(out _));
    }
}
