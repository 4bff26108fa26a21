namespace ReplicatedState.Testing;

/// <summary>How a simulated cluster is run; what it does is the same whatever is said here.</summary>
public sealed record RunOptions
{
    /// <summary>Stops in the debugger, where one is attached, before the event of this number happens; 0 for never. The message of a failed run says where it failed.</summary>
    public long BreakAtEvent { get; init; }

    /// <summary>Where everything is written that nodes and clients say and do, with the simulated time; null for nowhere. With several seeds their lines would mix: for one.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>Where it is written how many seeds of several are done, every few seconds; null for nowhere.</summary>
    public TextWriter? Progress { get; init; }

    /// <summary>How many seeds run at a time; a run has one thread.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
