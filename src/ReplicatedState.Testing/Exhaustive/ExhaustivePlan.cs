namespace ReplicatedState.Testing.Exhaustive;

/// <summary>
/// The searches of every run: bounds small enough to be exhausted, the first states of larger ones, each with something the others lack, and those of all bounds
/// of the design.
/// </summary>
internal static class ExhaustivePlan
{
    private static readonly ExhaustiveBounds Least = new() { Terms = 1, Commands = 0, Crashes = 0, NetworkFaults = 0 };

    /// <summary>Bounds, and how many states within them are enough.</summary>
    public static IReadOnlyList<(ExhaustiveBounds Bounds, int StatesMax)> EveryRun { get; } =
    [
        (Least, int.MaxValue),
        (Least with { SlowDisks = false, Commands = 1 }, int.MaxValue),
        (Least with { SlowDisks = false, Terms = 2 }, 10_000),
        (Least with { SlowDisks = false, Terms = 2, Crashes = 1 }, 6_000),
        (Least with { SlowDisks = false, Reads = 1 }, 4_000),
        (Least with { SlowDisks = false, OrderedLinks = false, Heartbeats = 1 }, 4_000),
        (Least with { Crashes = 1 }, 5_000),
        (new ExhaustiveBounds(), 10_000),
    ];
}
