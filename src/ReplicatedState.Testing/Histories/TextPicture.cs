using System.Globalization;
using System.Text;

namespace ReplicatedState.Testing.Histories;

/// <summary>Draws a layout with characters.</summary>
internal static class TextPicture
{
    public static string Draw<TInput, TOutput>(PictureLayout<TInput, TOutput> layout)
    {
        string[] names = [.. layout.Rows.Select(r => r is { } client ? string.Create(CultureInfo.InvariantCulture, $"client {client}") : "")];
        int margin = names.Max(n => n.Length) + 2;
        var picture = new StringBuilder();
        for (int row = 0; row < names.Length; row++)
        {
            char[] line = new string(' ', layout.Width).ToCharArray();
            foreach (PictureBar bar in layout.Bars.Where(b => b.Row == row))
                Draw(bar, line);
            picture.Append(names[row].PadRight(margin)).AppendLine(new string(line).TrimEnd());
        }

        picture.Append("numbers: an order that explains what returned before; ╞═╡ fits nowhere in it; ┄┄▷ no answer came");
        if (layout.Hidden > 0)
            picture.Append(CultureInfo.InvariantCulture, $"; {layout.Hidden} operations are not shown");
        return picture.AppendLine().ToString();
    }

    private static void Draw(PictureBar bar, char[] line)
    {
        (char left, char fill, char right) = bar switch
        {
            { IsMisfit: true } => ('╞', '═', '╡'),
            { Return: null } => ('├', '┄', '▷'),
            _ => ('├', '─', '┤'),
        };
        Array.Fill(line, fill, bar.Left, bar.Right - bar.Left);
        line[bar.Left] = left;
        line[bar.Right] = right;
        $" {bar.Label} ".CopyTo(line.AsSpan(bar.Left + 1));
    }
}
