using System.Globalization;
using System.Net;
using System.Text;

namespace ReplicatedState.Testing.Histories;

/// <summary>Draws a layout as a page with an SVG: bars in the clients' rows, and a line through the moments at which they take effect.</summary>
internal static class HtmlPicture
{
    private const int Character = 8;
    private const int RowHeight = 34;
    private const int Margin = 110;

    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b2330;--paper:#fff;--bar:#d7e5f7;--edge:#5b84b8;--bad:#ffd5d0;--badedge:#c62f1d;--open:#fff0c9;--openedge:#b98a17;--way:#2c7a4b;--rule:#e3e7ed}
        @media(prefers-color-scheme:dark){:root{--ink:#e4e9f1;--paper:#151a21;--bar:#243a55;--edge:#6f9bd1;--bad:#5a211b;--badedge:#ff7a68;--open:#4b3d16;--openedge:#e0b44a;--way:#63c98b;--rule:#2a313b}}
        body{font:15px/1.5 system-ui,sans-serif;margin:24px;color:var(--ink);background:var(--paper)}p{max-width:80ch}
        .scroll{overflow-x:auto}text{font:12px ui-monospace,monospace;fill:var(--ink)}.rule{stroke:var(--rule)}
        .bar{fill:var(--bar);stroke:var(--edge)}.bad{fill:var(--bad);stroke:var(--badedge);stroke-width:2}.open{fill:var(--open);stroke:var(--openedge);stroke-dasharray:4 3}
        .way{fill:none;stroke:var(--way);stroke-width:1.5;opacity:.7}.point{fill:var(--way)}
        """;

    public static string Draw<TInput, TOutput>(PictureLayout<TInput, TOutput> layout, string key, string explanation)
    {
        int width = Margin + ((layout.Width + 2) * Character);
        int height = (layout.Rows.Count * RowHeight) + 12;
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not linearizable{(key.Length == 0 ? "" : ": " + Text(key))}</title><style>{Style}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>Not linearizable</h1><p>{Text(explanation)}</p><div class=\"scroll\"><svg width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"The operations around the failure\">");
        for (int row = 0; row < layout.Rows.Count; row++)
        {
            int y = 8 + (row * RowHeight);
            page.Append(CultureInfo.InvariantCulture, $"<line class=\"rule\" x1=\"0\" x2=\"{width}\" y1=\"{y + RowHeight - 4}\" y2=\"{y + RowHeight - 4}\"/>");
            if (layout.Rows[row] is { } client)
                page.Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{y + 18}\">client {client}</text>");
        }

        foreach (PictureBar bar in layout.Bars)
            Draw(page, bar);
        PictureBar[] placed = [.. layout.Bars.Where(b => b.Order is not null).OrderBy(b => b.Order)];
        page.Append("<polyline class=\"way\" points=\"").AppendJoin(' ', placed.Select(b => string.Create(CultureInfo.InvariantCulture, $"{X(b.Point):F1},{MiddleOf(b)}"))).Append("\"/>");
        foreach (PictureBar bar in placed)
            page.Append(CultureInfo.InvariantCulture, $"<circle class=\"point\" r=\"3\" cx=\"{X(bar.Point):F1}\" cy=\"{MiddleOf(bar)}\"/>");
        page.Append("</svg></div><p>Bars are operations, from call to return; columns are moments, not to scale. The line goes through the moments at which the operations take effect in an order that explains everything but the red one. Dashed: no answer came.");
        if (layout.Hidden > 0)
            page.Append(CultureInfo.InvariantCulture, $" {layout.Hidden} operations are not shown.");
        return page.Append("</p></html>\n").ToString();
    }

    private static void Draw(StringBuilder page, PictureBar bar)
    {
        int top = 8 + (bar.Row * RowHeight);
        string look = bar.IsMisfit ? "bad" : bar.Return is null ? "open" : "bar";
        string until = bar.Return is { } end ? string.Create(CultureInfo.InvariantCulture, $"returned at {end}") : "no answer";
        page.Append(CultureInfo.InvariantCulture, $"<rect class=\"{look}\" x=\"{X(bar.Left):F1}\" y=\"{top}\" rx=\"4\" width=\"{(bar.Right - bar.Left) * Character}\" height=\"24\"><title>{Text(bar.Label)}: called at {bar.Call}, {until}</title></rect>");
        page.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(bar.Left) + 10:F1}\" y=\"{top + 13}\">{Text(bar.Label)}</text>");
    }

    private static double X(double column) => Margin + (column * Character);

    private static int MiddleOf(PictureBar bar) => 8 + (bar.Row * RowHeight) + 19;

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
