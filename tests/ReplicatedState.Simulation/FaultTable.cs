using System.Globalization;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation;

/// <summary>How often each fault happened, and in how many runs, so that one sees what was exercised and what was not.</summary>
internal sealed class FaultTable
{
    private readonly FaultCounts _total = new();
    private readonly SortedDictionary<SimulatedFault, int> _runs = [];
    private bool _isEmpty = true;

    /// <summary>Adds a run; null where nothing is counted.</summary>
    public void Add(FaultCounts? counts)
    {
        if (counts is null)
            return;
        _isEmpty = false;
        _total.Add(counts);
        foreach (SimulatedFault fault in Enum.GetValues<SimulatedFault>())
            _runs[fault] = _runs.GetValueOrDefault(fault) + (counts[fault] > 0 ? 1 : 0);
    }

    /// <summary>Prints a line per fault, where any were counted.</summary>
    public void Print(TextWriter writer)
    {
        if (_isEmpty)
            return;
        foreach ((SimulatedFault fault, int runs) in _runs)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault,-20} {_total[fault],8} times in {runs,6} seeds"));
    }
}
