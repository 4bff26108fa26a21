using BankSample.Demonstration;

namespace BankSample.Display;

/// <summary>Where the demonstration shows what happens.</summary>
internal interface IDisplay : IAsyncDisposable
{
    /// <summary>Something happened that is worth a line.</summary>
    void Say(string line);

    /// <summary>How things stand; called a few times a second while transfers are made.</summary>
    void Show(Picture picture);
}

/// <summary>The cluster at a moment.</summary>
/// <param name="Elapsed">Since transfers began.</param>
/// <param name="Nodes">The nodes' names and process ids, with what they say of themselves.</param>
/// <param name="Acknowledged">Transfers acknowledged so far.</param>
/// <param name="PerSecond">Acknowledged in the last second.</param>
/// <param name="P50">The median latency of the last second.</param>
/// <param name="P99">The 99th percentile of the last second.</param>
internal sealed record Picture(TimeSpan Elapsed, IReadOnlyList<(string Name, int? ProcessId, NodeView? View)> Nodes, long Acknowledged, double PerSecond, TimeSpan P50, TimeSpan P99);
