using System.Globalization;

namespace BankSample.Display;

/// <summary>Lines of text, for logs and pipes.</summary>
internal sealed class PlainDisplay : IDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private TimeSpan _next;

    public void Say(string line) => Console.WriteLine(line);

    public void Show(Picture picture)
    {
        if (picture.Elapsed < _next)
            return;
        _next = picture.Elapsed + Interval;
        string nodes = string.Join("  ", picture.Nodes.Select(node => node.View is { } view
            ? string.Create(CultureInfo.InvariantCulture, $"{node.Name} {view.Role} term {view.Term} applied {view.Applied}")
            : $"{node.Name} {(node.ProcessId is null ? "dead" : "starting")}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{picture.Elapsed.TotalSeconds,5:0.0} s  {picture.PerSecond,7:0} writes/s  p50 {picture.P50.TotalMilliseconds:0.0} ms  p99 {picture.P99.TotalMilliseconds:0.0} ms  | {nodes}"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
