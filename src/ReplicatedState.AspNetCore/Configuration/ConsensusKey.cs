using System.Globalization;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>One key of section <c>consensus</c> that this version obeys.</summary>
/// <param name="Path">Its sections and name in snake case, joined by dots.</param>
/// <param name="Assign">Parses the text and sets the option; throws <see cref="FormatException"/> with what to write instead.</param>
/// <param name="Show">The option's value as text that <paramref name="Assign"/> reads back.</param>
internal sealed record ConsensusKey(string Path, Action<ConsensusOptions, string> Assign, Func<ConsensusOptions, string> Show)
{
    public static ConsensusKey Text(string path, Func<ConsensusOptions, string> get, Action<ConsensusOptions, string> set) =>
        new(path, (options, text) => set(options, text.Trim()), get);

    public static ConsensusKey Number(string path, Func<ConsensusOptions, int> get, Action<ConsensusOptions, int> set) =>
        new(path, (options, text) => set(options, ParseNumber(text)), options => get(options).ToString(CultureInfo.InvariantCulture));

    public static ConsensusKey Switch(string path, Func<ConsensusOptions, bool> get, Action<ConsensusOptions, bool> set) =>
        new(path, (options, text) => set(options, ParseSwitch(text)), options => get(options) ? "true" : "false");

    public static ConsensusKey Time(string path, Func<ConsensusOptions, TimeSpan> get, Action<ConsensusOptions, TimeSpan> set) =>
        new(path, (options, text) => set(options, Duration.Parse(text)), options => Duration.Format(get(options)));

    public static ConsensusKey Size(string path, Func<ConsensusOptions, long> get, Action<ConsensusOptions, long> set, long max = long.MaxValue) =>
        new(path, (options, text) => set(options, ParseSize(text, max)), options => ByteSize.Format(get(options)));

    /// <exception cref="FormatException">Neither true nor false.</exception>
    public static bool ParseSwitch(string text) => text.Trim().ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => throw new FormatException($"'{text}' is neither true nor false"),
    };

    /// <exception cref="FormatException">No whole number.</exception>
    public static int ParseNumber(string text) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"'{text}' is no whole number");

    private static long ParseSize(string text, long max)
    {
        long bytes = ByteSize.Parse(text);
        return bytes <= max ? bytes : throw new FormatException($"'{text}' is more than {max} bytes");
    }
}
