using System.Globalization;

namespace ReplicatedState.Chaos.Cluster;

/// <summary>Whether the log's time is what it is said to be: never ahead of the true time, whatever a single clock shows.</summary>
/// <remarks>It may fall behind, while a leader knows of few clocks. A node to which it seems to go back stops by itself. The runner's own clock is the true one; nobody sets that.</remarks>
internal static class LogTimeWatch
{
    /// <summary>What a clock that was wrong a moment ago may have left behind.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>Judges what the nodes said before now.</summary>
    /// <param name="views">What they say; null for one that doesn't answer.</param>
    /// <exception cref="ChaosFailedException">It isn't so.</exception>
    public static void RequireNotAhead(IEnumerable<NodeView?> views)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach (NodeView? view in views)
        {
            if (view is null)
                continue;
            if (view.LogTime > now + Tolerance)
                throw new ChaosFailedException(string.Create(CultureInfo.InvariantCulture, $"The log's time is ahead of the true time by {(view.LogTime - now).TotalSeconds:0.0} s, by a single wrong clock: {view}"));
        }
    }

    /// <summary>After everything has healed: what was written since then bears its true time.</summary>
    /// <param name="view">What a node says that has applied it.</param>
    /// <param name="since">When it was written at the earliest.</param>
    /// <exception cref="ChaosFailedException">It isn't so.</exception>
    public static void RequireCurrent(NodeView view, DateTimeOffset since)
    {
        if (view.LogTime < since - Tolerance)
            throw new ChaosFailedException(string.Create(CultureInfo.InvariantCulture, $"All clocks agree, and the log's time is still behind by {(since - view.LogTime).TotalSeconds:0.0} s: {view}"));
    }
}
