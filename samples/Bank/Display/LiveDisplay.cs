using System.Globalization;
using BankSample.Demonstration;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BankSample.Display;

/// <summary>A picture of the cluster that is redrawn in place.</summary>
internal sealed class LiveDisplay : IDisplay
{
    private const int LinesKept = 12;
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = [];
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;
    private LiveDisplayContext? _context;
    private Picture? _picture;

    public LiveDisplay() => _drawing = AnsiConsole.Live(new Text("")).AutoClear(false).StartAsync(async context =>
    {
        lock (_lock)
            _context = context;
        Redraw();
        await _end.Task;
    });

    public void Say(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
                _lines.Dequeue();
        }

        Redraw();
    }

    public void Show(Picture picture)
    {
        lock (_lock)
            _picture = picture;
        Redraw();
    }

    public async ValueTask DisposeAsync()
    {
        Redraw();
        _end.TrySetResult();
        await _drawing;
    }

    private void Redraw()
    {
        lock (_lock)
            _context?.UpdateTarget(Draw());
    }

    private Rows Draw()
    {
        var parts = new List<IRenderable>();
        if (_picture is { } picture)
        {
            var table = new Table().RoundedBorder().Title("bank").AddColumns("node", "process", "role", "term", "committed", "applied", "snapshot");
            foreach ((string name, int? processId, NodeView? view) in picture.Nodes)
                table.AddRow(RowOf(name, processId, view));
            parts.Add(table);
            parts.Add(new Markup(string.Create(
                CultureInfo.InvariantCulture,
                $"[bold]{picture.PerSecond:0}[/] writes/s   p50 [bold]{picture.P50.TotalMilliseconds:0.0}[/] ms   p99 [bold]{picture.P99.TotalMilliseconds:0.0}[/] ms   {picture.Acknowledged} acknowledged   {picture.Elapsed.TotalSeconds:0.0} s")));
        }

        parts.AddRange(_lines.Select(line => new Text(line)));
        return new Rows(parts);
    }

    private static string[] RowOf(string name, int? processId, NodeView? view)
    {
        string process = processId?.ToString(CultureInfo.InvariantCulture) ?? "[red]dead[/]";
        return view is null
            ? [name, process, "", "", "", "", ""]
            :
            [
                name,
                process,
                view.Role == "leader" ? "[green]leader[/]" : view.Role,
                view.Term.ToString(CultureInfo.InvariantCulture),
                view.Commit.ToString(CultureInfo.InvariantCulture),
                view.Applied.ToString(CultureInfo.InvariantCulture),
                view.SnapshotIndex.ToString(CultureInfo.InvariantCulture),
            ];
    }
}
