using System.Buffers;
using System.Globalization;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>Durations as people write them: <c>500ms</c>, <c>1h30m</c>, <c>1.5s</c>; also .NET's <c>00:00:30</c>.</summary>
internal static class Duration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", 1.0 / TimeSpan.NanosecondsPerTick), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <exception cref="FormatException">The text is no duration; the message says what to write.</exception>
    public static TimeSpan Parse(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.Contains(':') && TimeSpan.TryParse(rest, CultureInfo.InvariantCulture, out TimeSpan clock) && clock >= TimeSpan.Zero)
            return clock;
        if (rest is "0")
            return TimeSpan.Zero;
        if (rest.IsEmpty)
            throw NotADuration(text);

        double ticks = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits < 0)
                throw new FormatException($"'{text}' has no unit: write {text}s or {text}ms");
            if (digits == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                throw NotADuration(text);
            rest = rest[digits..];
            int letters = rest.IndexOfAny(NumberCharacters);
            ReadOnlySpan<char> unit = letters < 0 ? rest : rest[..letters];
            ticks += number * TicksOf(unit, text);
            rest = rest[unit.Length..];
        }

        if (ticks > TimeSpan.FromDays(3650).Ticks)
            throw new FormatException($"'{text}' is longer than ten years");
        return new TimeSpan((long)Math.Round(ticks));
    }

    /// <summary>The shortest text that <see cref="Parse"/> reads as the same duration.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
            return "0";
        if (value.Ticks % TimeSpan.TicksPerSecond != 0)
            return string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds}ms");
        string text = "";
        if (value.TotalHours >= 1)
            text += string.Create(CultureInfo.InvariantCulture, $"{(long)value.TotalHours}h");
        if (value.Minutes > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"{value.Minutes}m");
        return value.Seconds > 0 ? text + string.Create(CultureInfo.InvariantCulture, $"{value.Seconds}s") : text;
    }

    private static double TicksOf(ReadOnlySpan<char> unit, string text)
    {
        foreach ((string name, double ticks) in Units)
        {
            if (unit.SequenceEqual(name))
                return ticks;
        }

        throw NotADuration(text);
    }

    private static FormatException NotADuration(string text) => new($"'{text}' is no duration: write 500ms, 30s, 10m or 1h30m");
}
