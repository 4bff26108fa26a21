namespace ReplicatedState.Abstractions.Tests.Client;

public sealed class BufferTests
{
    [Fact]
    public void A_request_grows_and_keeps_what_was_written()
    {
        using RequestBuffer request = RequestBuffer.Rent();
        byte[] expected = new byte[10_000];
        new Random(1).NextBytes(expected);
        for (int at = 0; at < expected.Length; at += 100)
        {
            expected.AsSpan(at, 100).CopyTo(request.GetSpan(100));
            request.Advance(100);
        }

        Assert.Equal(expected, request.Written.ToArray());
    }

    [Fact]
    public void A_rented_request_is_empty_and_is_rented_to_one_at_a_time()
    {
        RequestBuffer first = RequestBuffer.Rent();
        first.GetSpan(1)[0] = 1;
        first.Advance(1);
        first.Dispose();
        first.Dispose();
        RequestBuffer second = RequestBuffer.Rent();
        RequestBuffer third = RequestBuffer.Rent();

        Assert.Equal(0, second.Written.Length);
        Assert.Equal(0, third.Written.Length);
        Assert.NotSame(second, third);
    }

    [Fact]
    public void A_request_can_not_advance_beyond_its_room()
    {
        using RequestBuffer request = RequestBuffer.Rent();
        int room = request.GetSpan().Length;

        Assert.Throws<ArgumentOutOfRangeException>(() => request.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => request.Advance(-1));
    }

    [Fact]
    public void A_reply_is_a_copy()
    {
        byte[] bytes = [1, 2, 3];
        using ReplyBuffer reply = ReplyBuffer.Copy(bytes);
        bytes[0] = 9;

        Assert.Equal([1, 2, 3], reply.Bytes.ToArray());
    }

    [Fact]
    public void A_disposed_reply_is_let_go()
    {
        ReplyBuffer reply = ReplyBuffer.Copy([1]);
        reply.Dispose();
        reply.Dispose();

        Assert.Throws<ArgumentOutOfRangeException>(() => reply.Bytes);
    }
}
