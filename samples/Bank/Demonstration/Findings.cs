using System.Globalization;
using Spectre.Console;

namespace BankSample.Demonstration;

/// <summary>What the demonstration found; the last thing it prints.</summary>
internal sealed class Findings
{
    private readonly List<(string What, string Found, bool Holds)> _checks = [];
    private string[] _summary = [];

    /// <summary>True where everything that was promised held.</summary>
    public bool AllHold => _checks.TrueForAll(check => check.Holds);

    public void Check(string what, string found, bool holds) => _checks.Add((what, found, holds));

    public void CheckNone(string what, long count) => Check(what, count.ToString(CultureInfo.InvariantCulture), count == 0);

    /// <summary>Keeps the figures that scripts read.</summary>
    public void Summarize(bool conserved, int lost, int duplicated, bool replicasEqual, TimeSpan failover, double writesPerSecond) => _summary =
    [
        $"conserved: {(conserved ? "yes" : "no")}",
        string.Create(CultureInfo.InvariantCulture, $"lost: {lost}"),
        string.Create(CultureInfo.InvariantCulture, $"duplicated: {duplicated}"),
        $"replicas equal: {(replicasEqual ? "yes" : "no")}",
        string.Create(CultureInfo.InvariantCulture, $"failover ms: {failover.TotalMilliseconds:0}"),
        string.Create(CultureInfo.InvariantCulture, $"writes/s: {writesPerSecond:0}"),
    ];

    /// <summary>The lines for scripts, last.</summary>
    public void PrintSummary()
    {
        foreach (string line in _summary)
            Console.WriteLine(line);
    }

    /// <summary>The table for people.</summary>
    public void PrintTable()
    {
        Table table = new Table().RoundedBorder().Title("What was checked").AddColumns("check", "found", "");
        foreach ((string what, string found, bool holds) in _checks)
            table.AddRow(new Text(what), new Text(found), holds ? new Markup("[green]holds[/]") : new Markup("[red]BROKEN[/]"));
        AnsiConsole.Write(table);
    }
}
