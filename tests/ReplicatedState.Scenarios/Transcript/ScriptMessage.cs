namespace ReplicatedState.Scenarios.Transcript;

/// <summary>A message as a transcript names it, between nodes or between a node and its own append and apply threads.</summary>
internal sealed record ScriptMessage
{
    public const string AppendThread = "AppendThread";
    public const string ApplyThread = "ApplyThread";

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Type { get; init; }

    public ulong Term { get; init; }

    public ulong LogTerm { get; init; }

    public ulong Index { get; init; }

    public bool Rejected { get; init; }

    public ulong Hint { get; init; }

    public ulong Commit { get; init; }

    public ulong Vote { get; init; }

    public ValueList<ScriptEntry> Entries { get; init; } = ValueList<ScriptEntry>.Empty;

    public ScriptSnapshot? Snapshot { get; init; }

    /// <summary>What the append or apply thread sends when it is done.</summary>
    public ValueList<ScriptMessage> Responses { get; init; } = ValueList<ScriptMessage>.Empty;

    /// <summary>A node's message to itself, directly or from one of its threads: its own disk's acknowledgement.</summary>
    public bool IsOwnAcknowledgement => From == To || From == AppendThread;

    public override string ToString() =>
        $"{From}->{To} {Type} Term:{Term} Log:{LogTerm}/{Index}"
        + (Rejected ? $" Rejected (Hint: {Hint})" : "")
        + (Commit != 0 ? $" Commit:{Commit}" : "")
        + (Vote != 0 ? $" Vote:{Vote}" : "")
        + (Entries.Count > 0 ? $" Entries:[{string.Join(", ", Entries)}]" : "")
        + (Snapshot is not null ? $" Snapshot: {Snapshot}" : "")
        + (Responses.Count > 0 ? $" Responses:[{string.Join("; ", Responses)}]" : "");
}
