using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Formats;

/// <summary>Reads a recorded history; what it is shows in its first line.</summary>
internal static class HistoryFile
{
    /// <exception cref="HistoryFormatException">It is none of the known formats, or a line of it can't be understood.</exception>
    public static IReadOnlyList<Operation<RegisterCall, RegisterResult>> Read(string path)
    {
        using StreamReader reader = File.OpenText(path);
        return Read(reader.ReadToEnd(), Path.GetFileName(path));
    }

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="HistoryFormatException">As above.</exception>
    public static IReadOnlyList<Operation<RegisterCall, RegisterResult>> Read(string text, string name)
    {
        using var lines = new StringReader(text);
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        if (start.IsEmpty)
            throw new HistoryFormatException(name, 1, "the file is empty");
        if (start[0] == '{' && start[1..].TrimStart().StartsWith(":", StringComparison.Ordinal))
            return KeyValueLog.Read(lines, name);
        if (start[0] == '{')
            return RegisterHistoryJson.Read(lines, name);
        if (JepsenRegisterLog.Claims(text))
            return JepsenRegisterLog.Read(lines, name);
        throw new HistoryFormatException(name, 1, "this is neither a Jepsen register log, nor a key-value log, nor JSON lines");
    }
}
