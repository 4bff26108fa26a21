using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Tests.Configuration;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m3s4ms", 123_004)]
    [InlineData("250us", 0.25)]
    [InlineData("0", 0)]
    [InlineData("00:00:30", 30_000)]
    public void A_duration_is_read_as_people_write_it(string text, double ms) => Assert.Equal(TimeSpan.FromMilliseconds(ms), Duration.Parse(text));

    [Theory]
    [InlineData("30", "has no unit: write 30s or 30ms")]
    [InlineData("5 apples", "is no duration")]
    [InlineData("-5s", "is no duration")]
    [InlineData("s", "is no duration")]
    [InlineData("", "is no duration")]
    [InlineData("1.2.3s", "is no duration")]
    [InlineData("1000000h", "longer than ten years")]
    public void Anything_else_is_refused_with_what_to_write_instead(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => Duration.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("500ms")]
    [InlineData("1h30m")]
    [InlineData("30m")]
    [InlineData("48h")]
    [InlineData("1500ms")]
    [InlineData("10s")]
    [InlineData("0")]
    public void What_is_shown_can_be_read_back(string text) => Assert.Equal(text, Duration.Format(Duration.Parse(text)));
}
