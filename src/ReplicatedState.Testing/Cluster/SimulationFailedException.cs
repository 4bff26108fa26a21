using System.Globalization;

namespace ReplicatedState.Testing;

/// <summary>A simulated cluster broke a promise. The message holds the seed, what was violated, how to replay it, and what happened last.</summary>
public sealed class SimulationFailedException : Exception
{
    internal SimulationFailedException(ulong seed, string violation, long atEvent, string log, Exception? cause)
        : base(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {violation}{Environment.NewLine}"
            + $"replay: await cluster.RunAsync({seed}, new RunOptions {{ BreakAtEvent = {atEvent} }}){Environment.NewLine}"
            + $"what happened last, of {atEvent} events:{Environment.NewLine}{log}"), cause)
    {
        Seed = seed;
        Violation = violation;
        AtEvent = atEvent;
    }

    /// <summary>Which run.</summary>
    public ulong Seed { get; }

    /// <summary>What was violated, in a sentence that begins with its name.</summary>
    public string Violation { get; }

    /// <summary>The number of the event in which it was noticed, for <see cref="RunOptions.BreakAtEvent"/>.</summary>
    public long AtEvent { get; }
}
