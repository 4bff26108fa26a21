namespace ReplicatedState.Testing.Histories;

/// <summary>One operation as its client saw it: all attempts of one command or query, from the first call to the answer that ended the waiting.</summary>
/// <typeparam name="TInput">What was asked; equal inputs are interchangeable, so a record or a primitive.</typeparam>
/// <typeparam name="TOutput">What was answered; compared by value.</typeparam>
public sealed record Operation<TInput, TOutput>
{
    /// <summary>Who called; a row in the picture.</summary>
    public required long Client { get; init; }

    /// <summary>When it was called, on one clock for all clients. Any unit that never goes back: nanoseconds, microseconds, line numbers.</summary>
    public required long Call { get; init; }

    /// <summary>When the answer arrived, on the same clock; null where none came. Operations that touch at one moment count as concurrent.</summary>
    public long? Return { get; init; }

    /// <summary>The part of the state that it is about. Operations of different keys must not influence each other: each key is checked on its own (Herlihy and Wing, locality).</summary>
    public string Key { get; init; } = "";

    /// <summary>What was asked.</summary>
    public required TInput Input { get; init; }

    /// <summary>What was answered; looked at where <see cref="Status"/> is <see cref="OperationStatus.Ok"/>.</summary>
    public TOutput Output { get; init; } = default!;

    /// <summary>What the client knows.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>For <see cref="IndexOrderedValidator"/>: the log index of the command, or the one that a query saw applied. Null where nobody told.</summary>
    public ulong? LogIndex { get; init; }

    /// <summary>For <see cref="IndexOrderedValidator"/>: the number by which the log knows this client's command, the same in all attempts; 0 where it has none.</summary>
    public ulong Serial { get; init; }

    /// <summary>For <see cref="IndexOrderedValidator"/>: true where the operation reads and has no log entry of its own.</summary>
    public bool IsQuery { get; init; }
}
