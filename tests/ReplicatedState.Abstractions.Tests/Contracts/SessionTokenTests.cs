namespace ReplicatedState.Abstractions.Tests.Contracts;

public sealed class SessionTokenTests
{
    [Theory]
    [InlineData(0u, 0u, 0UL, "0.0.0")]
    [InlineData(1u, 0u, 1742UL, "1.0.1742")]
    [InlineData(uint.MaxValue, uint.MaxValue, ulong.MaxValue, "4294967295.4294967295.18446744073709551615")]
    public void A_token_survives_the_way_through_its_text(uint group, uint epoch, ulong index, string text)
    {
        var token = new SessionToken(group, epoch, index);

        Assert.Equal(text, token.ToString());
        Assert.Equal(token, SessionToken.Parse(text));
        Assert.True(ParseAs<SessionToken>(text, out SessionToken bound) && bound == token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.-3")]
    [InlineData("1.2. 3")]
    [InlineData("+1.2.3")]
    [InlineData("4294967296.0.1")]
    [InlineData("1.0.18446744073709551616")]
    [InlineData("a.b.c")]
    [InlineData("1..3")]
    public void What_is_no_token_is_refused_in_words(string text)
    {
        Assert.False(SessionToken.TryParse(text, out SessionToken token));
        Assert.True(token.IsEmpty);
        var error = Assert.Throws<FormatException>(() => SessionToken.Parse(text));
        Assert.StartsWith($"'{text}' is no session token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_null_nor_a_flood_of_characters_is_a_token()
    {
        Assert.False(SessionToken.TryParse(null, out _));
        Assert.False(SessionToken.TryParse(new string('1', 100_000), out _));
        Assert.InRange(Assert.Throws<FormatException>(() => SessionToken.Parse(new string('1', 100_000))).Message.Length, 50, 300);
    }

    private static bool ParseAs<T>(string text, out T? value)
        where T : IParsable<T> => T.TryParse(text, null, out value);
}
