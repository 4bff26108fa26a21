namespace ReplicatedState.Scenarios.Format;

/// <summary>
/// A scenario in the data-driven format: comments (<c>#</c>) and directives, each a command with arguments, <c>----</c>, and the expected output up to an
/// empty line. Output that contains empty lines stands between doubled <c>----</c> lines.
/// </summary>
internal sealed record ScenarioFile(string Name, IReadOnlyList<Directive> Directives)
{
    private const string Separator = "----";

    /// <summary>Reads a file.</summary>
    /// <exception cref="ScenarioFormatException">It is malformed; the message names the line.</exception>
    public static ScenarioFile Read(string path) => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllLines(path));

    /// <summary>Reads the lines of a file.</summary>
    /// <exception cref="ScenarioFormatException">They are malformed; the message names the line.</exception>
    public static ScenarioFile Parse(string name, IReadOnlyList<string> lines)
    {
        var directives = new List<Directive>();
        int at = 0;
        while (at < lines.Count)
        {
            if (IsBlankOrComment(lines[at]))
                at++;
            else
                directives.Add(ParseDirective(lines, ref at));
        }

        return directives.Count > 0
            ? new ScenarioFile(name, directives)
            : throw new ScenarioFormatException(1, "the file holds no directive");
    }

    private static Directive ParseDirective(IReadOnlyList<string> lines, ref int at)
    {
        int begin = at;
        var commands = new List<Command>();
        while (true)
        {
            if (at >= lines.Count)
                throw new ScenarioFormatException(begin + 1, $"no '{Separator}' follows the command");
            if (lines[at] == Separator)
                break;
            commands.Add(ParseCommand(lines, ref at, followsConfChange: commands is [{ Name: "propose-conf-change" }, ..]));
        }

        at++;
        bool doubled = at < lines.Count && lines[at] == Separator;
        if (doubled)
            at++;
        int expectedFrom = at;
        while (at < lines.Count && !IsEnd(lines, at, doubled))
            at++;
        var expected = lines.Skip(expectedFrom).Take(at - expectedFrom).ToArray();
        at += doubled ? 2 : 1;
        return new Directive(begin + 1, commands, expectedFrom + 1, expected);
    }

    private static Command ParseCommand(IReadOnlyList<string> lines, ref int at, bool followsConfChange)
    {
        int line = at + 1;
        string text = lines[at++];
        while (text.EndsWith('\\') && at < lines.Count)
            text = text[..^1] + lines[at++];
        // What follows propose-conf-change in its block is the change itself, no command.
        return followsConfChange ? new Command(line, "conf-change", [new Argument(text, [])]) : Command.Parse(line, text);
    }

    private static bool IsEnd(IReadOnlyList<string> lines, int at, bool doubled) =>
        doubled
            ? lines[at] == Separator && at + 1 < lines.Count && lines[at + 1] == Separator
            : lines[at].Length == 0;

    private static bool IsBlankOrComment(string line) => string.IsNullOrWhiteSpace(line) || line.StartsWith('#');
}
