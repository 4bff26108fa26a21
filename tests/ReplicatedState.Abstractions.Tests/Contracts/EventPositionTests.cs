namespace ReplicatedState.Abstractions.Tests.Contracts;

public sealed class EventPositionTests
{
    [Fact]
    public void A_position_is_read_back_from_its_text()
    {
        var position = new EventPosition(3, 1, ulong.MaxValue, 17);
        Assert.Equal($"3.1.{ulong.MaxValue}.17", position.ToString());
        Assert.Equal(position, EventPosition.Parse(position.ToString()));
        Assert.Equal(EventPosition.Now, EventPosition.Parse("0.0.0.0"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.-4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4294967296")]
    [InlineData("a.2.3.4")]
    public void What_is_no_position_is_refused_in_words(string text)
    {
        Assert.False(EventPosition.TryParse(text, out _));
        Assert.Contains("1.0.1742.0", Assert.Throws<FormatException>(() => EventPosition.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_session_has_not_seen_begins_behind_the_index_that_it_has()
    {
        Assert.Equal(new EventPosition(2, 1, 8, 0), EventPosition.After(new SessionToken(2, 1, 7)));
        Assert.Equal(EventPosition.First, EventPosition.After(default));
    }

    [Fact]
    public void Nothing_in_particular_is_next_to_now()
    {
        Assert.True(EventPosition.Now.IsNow);
        Assert.Throws<InvalidOperationException>(() => EventPosition.Now.Next);
        Assert.Equal(new EventPosition(0, 0, 1, 1), EventPosition.First.Next);
    }

    [Theory]
    [InlineData("95010203")]
    [InlineData("9401020304")]
    [InlineData("95010203A130FF")]
    [InlineData("950102030405FF")]
    [InlineData("9501020304FF")]
    [InlineData("9501010000FF")]
    [InlineData("9501010000")]
    public void A_malformed_question_for_events_is_refused(string payload) =>
        Assert.Throws<InvalidCommandException>(() => EventRequest.Read(Convert.FromHexString(payload)));

    [Fact]
    public void A_question_for_events_is_read_back()
    {
        var request = new EventRequest(0xA0000001, new EventPosition(1, 2, 3, 4));
        var payload = new System.Buffers.ArrayBufferWriter<byte>();
        request.Write(payload);
        Assert.Equal(request, EventRequest.Read(payload.WrittenMemory));
    }
}
