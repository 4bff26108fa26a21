using System.Text;

namespace ReplicatedState.Abstractions.Tests.Client;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("k")]
    [InlineData("Überweisung-17")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_key_travels_as_its_utf8(string key) => Assert.Equal(Encoding.UTF8.GetBytes(key), IdempotencyKey.Encode(key));

    [Theory]
    [InlineData("", "this one is empty")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", "'0123456789012345678901234567890123456789012345678901234567890123…' has 65")]
    [InlineData("ääääääääääääääääääääääääääääääääC", "'ääääääääääääääääääääääääääääääääC' has 65")]
    public void A_key_that_can_not_be_one_is_named(string key, string words)
    {
        var error = Assert.Throws<ArgumentException>(() => IdempotencyKey.Encode(key));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal("key", error.ParamName);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_because_replacing_it_would_make_different_keys_equal()
    {
        var error = Assert.Throws<ArgumentException>(() => IdempotencyKey.Encode("half \uD83D"));

        Assert.Contains("no Unicode text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_key_is_not_an_empty_one() => Assert.Throws<ArgumentNullException>(() => IdempotencyKey.Encode(null!));
}
