using System.Globalization;

namespace ReplicatedState.Scenarios.Format;

/// <summary>A command of a directive with its arguments.</summary>
internal sealed record Command(int Line, string Name, IReadOnlyList<Argument> Arguments)
{
    /// <summary>The bare numbers among the arguments: node ids.</summary>
    public IReadOnlyList<ulong> Nodes => [.. Arguments.Where(a => a.Values.Count == 0).Select(a => Number(a.Key))];

    /// <summary>The bare argument at a position.</summary>
    /// <exception cref="ScenarioFormatException">There is none.</exception>
    public string Bare(int position) =>
        Arguments.Where(a => a.Values.Count == 0).ElementAtOrDefault(position)?.Key
        ?? throw new ScenarioFormatException(Line, $"{Name} lacks argument {position + 1}");

    /// <summary>The node that the command is about: its first argument.</summary>
    public ulong Node => Number(Bare(0));

    /// <summary>The values of a key, empty where it isn't given.</summary>
    public IReadOnlyList<string> Values(string key) => Arguments.FirstOrDefault(a => a.Key == key)?.Values ?? [];

    /// <summary>The single value of a key, or null.</summary>
    public string? Value(string key) => Values(key) is [var value, ..] ? value : null;

    /// <summary>The values of a key as numbers.</summary>
    public IReadOnlyList<ulong> Numbers(string key) => [.. Values(key).Select(Number)];

    /// <summary>A key's truth value, false where it isn't given.</summary>
    public bool Flag(string key) => Value(key) == "true";

    /// <summary>A number, or a complaint that names the line.</summary>
    public ulong Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new ScenarioFormatException(Line, $"{Name}: '{text}' is no number");

    /// <summary>Reads one command line.</summary>
    public static Command Parse(int line, string text)
    {
        List<string> words = SplitWords(line, text);
        return new Command(line, words[0], [.. words.Skip(1).Select(ParseArgument)]);
    }

    private static Argument ParseArgument(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return new Argument(word, []);
        string value = word[(equals + 1)..];
        string[] values = value is ['(', .., ')']
            ? value[1..^1].Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
            : [value];
        return new Argument(word[..equals], values);
    }

    /// <summary>Words are separated by spaces, but not within parentheses.</summary>
    private static List<string> SplitWords(int line, string text)
    {
        var words = new List<string>();
        int depth = 0;
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ' ';
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (char.IsWhiteSpace(c) && (depth <= 0 || i == text.Length))
            {
                if (start >= 0)
                    words.Add(text[start..i]);
                start = -1;
            }
            else if (start < 0)
            {
                start = i;
            }
        }

        return words.Count > 0 ? words : throw new ScenarioFormatException(line, "a command is expected");
    }
}
