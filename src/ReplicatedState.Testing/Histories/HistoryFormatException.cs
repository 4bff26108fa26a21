namespace ReplicatedState.Testing.Histories;

/// <summary>A recorded history can't be understood.</summary>
/// <param name="file">Which.</param>
/// <param name="line">Where, from 1.</param>
/// <param name="what">What is wrong.</param>
public sealed class HistoryFormatException(string file, int line, string what) : Exception($"{file}({line}): {what}")
{
    /// <summary>The file's name.</summary>
    public string File { get; } = file;

    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
