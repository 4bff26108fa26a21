using System.Text;

namespace ReplicatedState.Testing.Cluster;

/// <summary>Keeps the last lines that were written.</summary>
internal sealed class LastLines(int linesMax) : TextWriter
{
    private readonly Queue<string> _lines = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value)
    {
        if (_lines.Count == linesMax)
            _lines.Dequeue();
        _lines.Enqueue(value ?? "");
    }

    public override void Write(char value) => throw new NotSupportedException("Whole lines only.");

    public override string ToString() => string.Join(Environment.NewLine, _lines);
}
