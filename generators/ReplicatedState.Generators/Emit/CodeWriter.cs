using System;
using System.Text;

namespace ReplicatedState.Generators.Emit;

/// <summary>Indented C# text with <c>\n</c> at line ends, whatever the platform.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _afterOpening = true;

    /// <summary>Writes one line.</summary>
    public void Line(string line)
    {
        if (line.Length > 0 && line[0] != '#')
            _text.Append(' ', 4 * _depth);
        _text.Append(line).Append('\n');
        _afterOpening = false;
    }

    /// <summary>Writes a line and one statement below it.</summary>
    public void Line(string header, string statement)
    {
        Line(header);
        _depth++;
        Line(statement);
        _depth--;
    }

    /// <summary>Begins an explicit implementation of a member that the contracts document.</summary>
    public void BeginContractMember()
    {
        Separate();
        Line("/// <inheritdoc/>");
        Line(SourceFile.GeneratedCode);
    }

    /// <summary>Separates members by an empty line, except for the first one of a block.</summary>
    public void Separate()
    {
        if (!_afterOpening)
            _text.Append('\n');
        _afterOpening = true;
    }

    /// <summary>Writes a line and opens a block below it, which the result closes.</summary>
    public Block Open(string header, string footer = "}")
    {
        Line(header);
        Line("{");
        _depth++;
        _afterOpening = true;
        return new Block(this, footer);
    }

    public override string ToString() => _text.ToString();

    private void Close(string footer)
    {
        _depth--;
        Line(footer);
    }

    /// <summary>An open block. Disposing it writes the closing brace.</summary>
    internal readonly struct Block(CodeWriter writer, string footer) : IDisposable
    {
        public void Dispose() => writer.Close(footer);
    }
}
