using System.Globalization;
using System.Text;

namespace ReplicatedState.Testing.Golden;

/// <summary>What one file keeps: commands with their answers, and the state behind them as a snapshot and as a hash.</summary>
internal sealed record GoldenFile(int Version, IReadOnlyList<GoldenCommand> Commands, byte[] Snapshot, UInt128 StateHash)
{
#pragma warning disable RS0030 // Text beside somebody's tests, under version control: nothing that has to outlive a power cut.
    public static bool Exists(string path) => File.Exists(path);

    public static Task WriteAsync(string path, GoldenFile file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, file.ToText());
    }

    private static string[] ReadLines(string path) => File.ReadAllLines(path);
#pragma warning restore RS0030

    /// <exception cref="GoldenFileException">The text is no golden file.</exception>
    public static GoldenFile Read(string path)
    {
        try
        {
            return Parse(ReadLines(path));
        }
        catch (Exception error) when (error is FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new GoldenFileException($"{path} is no golden file: {error.Message}", error);
        }
    }

    /// <summary>Lines of a keyword and what belongs to it, bytes in hexadecimal.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"version {Version}\n");
        foreach (GoldenCommand command in Commands)
        {
            text.Append(CultureInfo.InvariantCulture, $"command {command.Index} {command.NowMs} {command.Timer} {Convert.ToHexString(command.Payload)}\n");
            text.Append(CultureInfo.InvariantCulture, $"reply {command.Reply}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"snapshot {Convert.ToHexString(Snapshot)}\n");
        text.Append(CultureInfo.InvariantCulture, $"state {StateHash:X32}\n");
        return text.ToString();
    }

    /// <summary>What another recording of the same calls has otherwise; the snapshot aside, in which unordered collections have no order.</summary>
    public string? FirstDifference(GoldenFile other)
    {
        for (int i = 0; i < Math.Max(Commands.Count, other.Commands.Count); i++)
        {
            if (i >= Commands.Count || i >= other.Commands.Count)
                return $"it has {Commands.Count} commands, and now there are {other.Commands.Count}";
            (GoldenCommand kept, GoldenCommand now) = (Commands[i], other.Commands[i]);
            if (kept.Index != now.Index || !kept.Payload.AsSpan().SequenceEqual(now.Payload))
                return $"its command {kept.Index} is {Convert.ToHexString(kept.Payload)}, and now command {now.Index} is {Convert.ToHexString(now.Payload)}";
            if (kept.Reply != now.Reply)
                return $"its command {kept.Index} was answered with '{kept.Reply}', and now is with '{now.Reply}'";
        }

        return StateHash == other.StateHash ? null : "the commands lead to another state";
    }

    private static GoldenFile Parse(string[] lines)
    {
        int version = int.Parse(After("version", lines[0]), CultureInfo.InvariantCulture);
        var commands = new List<GoldenCommand>();
        int at = 1;
        for (; lines[at].StartsWith("command ", StringComparison.Ordinal); at += 2)
        {
            string[] words = After("command", lines[at]).Split(' ');
            commands.Add(new GoldenCommand(
                ulong.Parse(words[0], CultureInfo.InvariantCulture),
                long.Parse(words[1], CultureInfo.InvariantCulture),
                ulong.Parse(words[2], CultureInfo.InvariantCulture),
                Convert.FromHexString(words[3]),
                After("reply", lines[at + 1])));
        }

        byte[] snapshot = Convert.FromHexString(After("snapshot", lines[at]));
        return new GoldenFile(version, commands, snapshot, UInt128.Parse(After("state", lines[at + 1]), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static string After(string keyword, string line) =>
        line.StartsWith(keyword + ' ', StringComparison.Ordinal) ? line[(keyword.Length + 1)..] : throw new FormatException($"'{keyword}' is expected, and the line is '{line}'");
}
