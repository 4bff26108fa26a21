using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Testing;

/// <summary>A plan of what goes wrong when, for tests of one situation. Nodes are numbered from 1; times are those of the run and count from its start.</summary>
/// <example><code>Faults.Script(new FaultScript().At(TimeSpan.FromSeconds(5)).Cut(1, 3).At(TimeSpan.FromSeconds(6)).PowerCut(2).At(TimeSpan.FromSeconds(9)).Heal())</code></example>
public sealed class FaultScript
{
    private readonly List<ScriptedStep> _steps = [];
    private TimeSpan _at;

    internal IReadOnlyList<ScriptedStep> Steps => [.. _steps];

    /// <summary>What follows happens at this time.</summary>
    /// <param name="time">Since the start of the run; not negative.</param>
    public FaultScript At(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        _at = time;
        return this;
    }

    /// <summary>The node loses power, and what it had not synced. It starts again after that time.</summary>
    /// <param name="node">Which.</param>
    /// <param name="downFor">How long it stays down; a second where it isn't said.</param>
    public FaultScript PowerCut(int node, TimeSpan? downFor = null) => OnNode(node, (run, station) =>
    {
        if (!station.IsUp)
            return;
        run.Counts.Add(SimulatedFault.PowerCut);
        run.Crash(station, Us(downFor ?? TimeSpan.FromSeconds(1)));
    });

    /// <summary>The node's process is killed; the machine under it goes on. It starts again after that time.</summary>
    /// <param name="node">Which.</param>
    /// <param name="downFor">How long it stays down; a second where it isn't said.</param>
    public FaultScript Kill(int node, TimeSpan? downFor = null) => OnNode(node, (run, station) =>
    {
        if (!station.IsUp)
            return;
        run.Counts.Add(SimulatedFault.ProcessKilled);
        run.Kill(station, Us(downFor ?? TimeSpan.FromSeconds(1)));
    });

    /// <summary>The node is stopped for a while, as by its operating system.</summary>
    public FaultScript Pause(int node, TimeSpan time) => OnNode(node, (run, station) =>
    {
        run.Counts.Add(Us(time) > run.Options.ElectionMsMax * 1000L ? SimulatedFault.LongPause : SimulatedFault.ShortPause);
        station.PausedUntilUs = run.Clock.NowUs + Us(time);
    });

    /// <summary>The way from one node to another is cut; the way back is not.</summary>
    public FaultScript Cut(int from, int to) => Do([from, to], run =>
    {
        run.Counts.Add(SimulatedFault.OneWayPartition);
        run.Network.Cut(from - 1, to - 1);
    });

    /// <summary>The node is cut off from all others. Clients still reach it.</summary>
    public FaultScript Isolate(int node) => Do([node], run =>
    {
        run.Counts.Add(SimulatedFault.Partition);
        run.Network.Isolate(node - 1);
    });

    /// <summary>All ways are open again.</summary>
    public FaultScript Heal() => Do([], run => run.Network.Heal());

    /// <summary>The node's next write to its disk fails with an I/O error, and the node has to stop itself.</summary>
    public FaultScript FailNextWrite(int node) => OnNode(node, (_, station) => station.Disk.FailWriteAt = station.Disk.Writes + 1);

    /// <summary>The node's next sync fails with an I/O error, and the node has to stop itself.</summary>
    public FaultScript FailNextSync(int node) => OnNode(node, (_, station) => station.Disk.FailSyncAt = station.Disk.Syncs + 1);

    /// <summary>The node's disk takes up to half a second for a sync, for a while.</summary>
    public FaultScript SlowDisk(int node, TimeSpan time) => OnNode(node, (run, station) =>
    {
        run.Counts.Add(SimulatedFault.SlowDisk);
        station.Trouble.SlowUntilUs = run.Clock.NowUs + Us(time);
    });

    /// <summary>The node's wall clock is set, forwards or backwards.</summary>
    public FaultScript StepClock(int node, TimeSpan by) => OnNode(node, (run, station) =>
    {
        run.Counts.Add(SimulatedFault.ClockStep);
        station.Clock.Step((long)by.TotalMilliseconds);
    });

    private static long Us(TimeSpan time) => (long)time.TotalMicroseconds;

    private FaultScript OnNode(int node, Action<NodeSimulation, SimulatedStation> action) => Do([node], run => action(run, run.Stations[node - 1]));

    private FaultScript Do(int[] nodes, Action<NodeSimulation> action)
    {
        foreach (int node in nodes)
            ArgumentOutOfRangeException.ThrowIfLessThan(node, 1);
        _steps.Add(new ScriptedStep(_at, nodes.Length == 0 ? 0 : nodes.Max(), action));
        return this;
    }
}

/// <summary>One step of a script.</summary>
/// <param name="At">When.</param>
/// <param name="HighestNode">The highest node that it names.</param>
/// <param name="Do">What happens.</param>
internal sealed record ScriptedStep(TimeSpan At, int HighestNode, Action<NodeSimulation> Do);
