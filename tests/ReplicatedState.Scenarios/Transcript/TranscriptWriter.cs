namespace ReplicatedState.Scenarios.Transcript;

/// <summary>Collects what our own cluster did. While it is quiet (<c>log-level none</c>) nothing is collected, as in the reference engine.</summary>
internal sealed class TranscriptWriter
{
    private readonly List<TranscriptLine> _lines = [];

    public bool IsQuiet { get; set; }

    public void Write(TranscriptLine line)
    {
        if (!IsQuiet)
            _lines.Add(line);
    }

    /// <summary>Gives what was collected since the last time.</summary>
    public IReadOnlyList<TranscriptLine> Take()
    {
        TranscriptLine[] taken = [.. _lines];
        _lines.Clear();
        return taken;
    }
}
