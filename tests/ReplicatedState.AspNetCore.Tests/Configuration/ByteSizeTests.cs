using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Tests.Configuration;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("4194304", 4194304)]
    [InlineData("4MiB", 4194304)]
    [InlineData("4 mb", 4000000)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("2GiB", 2147483648)]
    public void A_size_is_read_as_people_write_it(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("four")]
    [InlineData("4 apples")]
    [InlineData("-1")]
    [InlineData("0.3B")]
    [InlineData("99999999999GiB")]
    public void Anything_else_is_refused_with_what_to_write_instead(string text) =>
        Assert.Contains("write 65536, 64KiB or 4MiB", Assert.Throws<FormatException>(() => ByteSize.Parse(text)).Message, StringComparison.Ordinal);
}
