using System.Globalization;
using System.Text;

namespace ReplicatedState.Json;

/// <summary>Where in a JSON document something stands, as a JSON path: <c>$.transfer.items[3]</c> (RFC 9535).</summary>
internal sealed class JsonPath
{
    private const int NameLengthMax = 100;
    private readonly Stack<(string? Name, int Index)> _steps = new();

    public void Enter(string name) => _steps.Push((name, 0));

    public void Enter(int index) => _steps.Push((null, index));

    public void Leave() => _steps.Pop();

    public override string ToString()
    {
        var text = new StringBuilder("$");
        foreach ((string? name, int index) in _steps.Reverse())
        {
            if (name is null)
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else if (IsPlain(name))
                text.Append('.').Append(name);
            else
                text.Append("['").Append(Shorten(name).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)).Append("']");
        }

        return text.ToString();
    }

    /// <summary>A name or text from outside as it stands in messages: not longer than anyone reads, and on one line.</summary>
    public static string Shorten(string text)
    {
        string shown = text.Length <= NameLengthMax ? text : text[..NameLengthMax] + "…";
        return shown.AsSpan().IndexOfAnyInRange('\0', '\x1F') < 0 ? shown : string.Concat(shown.Select(static letter => letter < ' ' ? '␣' : letter));
    }

    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= NameLengthMax && !char.IsAsciiDigit(name[0]) && name.All(static letter => char.IsLetterOrDigit(letter) || letter == '_');
}
