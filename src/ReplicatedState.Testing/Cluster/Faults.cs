using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Testing;

/// <summary>What goes wrong in a simulated cluster: nothing, what a seed draws, certain kinds, or what a script says. Immutable.</summary>
public sealed class Faults
{
    private const int DrawsMax = 1_000;
    private readonly HashSet<FaultKind> _kinds;
    private readonly bool _always;
    private readonly double _intensity;

    private Faults(HashSet<FaultKind> kinds, bool always, double intensity, IReadOnlyList<ScriptedStep> steps)
    {
        _kinds = kinds;
        _always = always;
        _intensity = intensity;
        Steps = steps;
    }

    /// <summary>Nothing goes wrong, and messages take their time.</summary>
    public static Faults None { get; } = new([], false, 1, []);

    /// <summary>Everything may go wrong: each seed draws what does, and how much of it, so that some runs have much of a few and others a little of all.</summary>
    public static Faults All { get; } = new([.. Enum.GetValues<FaultKind>()], false, 1, []);

    internal IReadOnlyList<ScriptedStep> Steps { get; }

    internal bool HasRandom => _kinds.Count > 0;

    /// <summary>These kinds go wrong in every run; each seed draws how much.</summary>
    public static Faults Only(params ReadOnlySpan<FaultKind> kinds) => new([.. kinds], true, 1, []);

    /// <summary>What happens at which time, and nothing else: for a test of one situation.</summary>
    public static Faults Script(FaultScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        return new Faults([], false, 1, script.Steps);
    }

    /// <summary>All but these kinds.</summary>
    public Faults Except(params ReadOnlySpan<FaultKind> kinds) => new([.. _kinds.Except(kinds.ToArray())], _always, _intensity, Steps);

    /// <summary>So many times as often; a half for half as often.</summary>
    /// <param name="factor">Above 0.</param>
    public Faults Times(double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        return new Faults(_kinds, _always, _intensity * factor, Steps);
    }

    /// <summary>The faults of one run.</summary>
    internal NodeFaults Of(NodeFaults drawn, ulong seed)
    {
        NodeFaults faults = NodeFaults.None;
        foreach (FaultKind kind in _kinds.Order())
        {
            FaultSetting setting = drawn[kind];
            if (_always)
                setting = DrawAlways(kind, seed);
            faults = faults.With(kind, Scale(kind, setting.Value), setting.Detail);
        }

        return faults;
    }

    /// <summary>The faults of one run in which the nodes are upgraded, whatever else happens.</summary>
    internal NodeFaults WithUpgrade(NodeFaults drawn, ulong seed)
    {
        FaultSetting upgrade = DrawAlways(FaultKind.VersionUpgrade, seed);
        return Of(drawn, seed).With(FaultKind.Operators, 0).With(FaultKind.RestoredBackup, 0).With(FaultKind.Divergence, 0)
            .With(FaultKind.VersionUpgrade, Scale(FaultKind.VersionUpgrade, upgrade.Value), upgrade.Detail);
    }

    private static FaultSetting DrawAlways(FaultKind kind, ulong seed)
    {
        NodeFault fault = NodeFaultList.New().Single(f => f.Kind == kind);
        var random = new SeededRandom(seed ^ ((ulong)kind << 32));
        for (int i = 0; i < DrawsMax; i++)
        {
            if (fault.Draw(random) is { Value: > 0 } setting)
                return setting;
        }

        throw new InvalidOperationException($"{kind} is never drawn.");
    }

    /// <summary>Most values are mean times between two, of which there are fewer when there is more; some are a share, and damage is done once.</summary>
    private int Scale(FaultKind kind, int value) => kind switch
    {
        FaultKind.DiskDamage => value,
        FaultKind.ClockDrift or FaultKind.CorruptedFrame => (int)Math.Min(value * _intensity, 100_000),
        _ => value == 0 ? 0 : (int)Math.Clamp(value / _intensity, 1_000, int.MaxValue / 4),
    };
}
