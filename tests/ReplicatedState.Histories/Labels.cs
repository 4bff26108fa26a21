using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories;

/// <summary>What is known of recorded histories: a file name, a comma, and whether it is linearizable; the first line names the columns.</summary>
internal static class Labels
{
    /// <exception cref="HistoryFormatException">A line is no such pair.</exception>
    public static Dictionary<string, bool> Read(string path)
    {
        var labels = new Dictionary<string, bool>(StringComparer.Ordinal);
        string[] lines = File.ReadAllLines(path);
        for (int i = 1; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
                continue;
            string[] parts = lines[i].Split(',', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !bool.TryParse(parts[1], out bool isLinearizable) || !labels.TryAdd(parts[0], isLinearizable))
                throw new HistoryFormatException(Path.GetFileName(path), i + 1, $"'{lines[i]}' is no file name with true or false, or its second");
        }

        return labels;
    }
}
