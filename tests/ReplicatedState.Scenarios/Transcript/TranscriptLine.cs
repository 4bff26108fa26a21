namespace ReplicatedState.Scenarios.Transcript;

/// <summary>One statement of a transcript. Equal statements mean the same, however they were printed.</summary>
internal abstract record TranscriptLine;

/// <summary>"&gt; 1 handling Ready": a node's turn begins.</summary>
internal sealed record ActivityLine(ulong Node, string What) : TranscriptLine
{
    public const string Ready = "handling Ready";
    public const string Receiving = "receiving messages";
    public const string AppendThread = "processing append thread";
    public const string ApplyThread = "processing apply thread";

    public override string ToString() => $"> {Node} {What}";
}

/// <summary>What a node wants done, and whether its disk must be synced for it.</summary>
internal sealed record ReadyLine(bool MustSync) : TranscriptLine
{
    public override string ToString() => $"Ready MustSync={MustSync}";
}

/// <summary>Leader and role, where they changed.</summary>
internal sealed record SoftStateLine(ulong Leader, string State) : TranscriptLine
{
    public override string ToString() => $"Lead:{Leader} State:{State}";
}

/// <summary>Term, vote and commit, where they changed.</summary>
internal sealed record HardStateLine(ulong Term, ulong Vote, ulong Commit) : TranscriptLine
{
    public override string ToString() => $"HardState Term:{Term} Vote:{Vote} Commit:{Commit}";
}

/// <summary>A heading: Entries, CommittedEntries, Messages, Processing, Responses.</summary>
internal sealed record SectionLine(string Title) : TranscriptLine
{
    public const string Entries = "Entries";
    public const string CommittedEntries = "CommittedEntries";
    public const string Messages = "Messages";
    public const string Processing = "Processing";
    public const string Responses = "Responses";

    public override string ToString() => $"{Title}:";
}

/// <summary>An entry in a section, or in a printed log.</summary>
internal sealed record EntryLine(ScriptEntry Entry) : TranscriptLine
{
    public override string ToString() => Entry.ToString();
}

/// <summary>A snapshot to be installed.</summary>
internal sealed record SnapshotLine(ScriptSnapshot Snapshot) : TranscriptLine
{
    public override string ToString() => $"Snapshot {Snapshot}";
}

/// <summary>A message that is sent, received or dropped.</summary>
internal sealed record MessageLine(ScriptMessage Message, bool Dropped = false) : TranscriptLine
{
    public override string ToString() => (Dropped ? "dropped: " : "") + Message;
}

/// <summary>A leader's view of one member.</summary>
internal sealed record ProgressLine(
    ulong Node, string State, ulong Match, ulong Next, bool Learner, bool Paused, ulong PendingSnapshot, bool Inactive, int Inflight, bool Full) : TranscriptLine
{
    public override string ToString() =>
        $"{Node}: {State} match={Match} next={Next}{(Learner ? " learner" : "")}{(Paused ? " paused" : "")}"
        + $"{(PendingSnapshot > 0 ? $" pendingSnap={PendingSnapshot}" : "")}{(Inactive ? " inactive" : "")}"
        + (Inflight > 0 ? $" inflight={Inflight}{(Full ? "[full]" : "")}" : "");
}

/// <summary>What a node says of itself.</summary>
internal sealed record RaftStateLine(ulong Node, string State, bool Voter, ulong Term, ulong Leader) : TranscriptLine
{
    public override string ToString() => $"{Node}: {State} ({(Voter ? "Voter" : "Non-Voter")}) Term:{Term} Lead:{Leader}";
}

/// <summary>Anything else: "no messages", "raft proposal dropped", …</summary>
internal sealed record TextLine(string Text) : TranscriptLine
{
    public const string EmptyReady = "<empty Ready>";

    public override string ToString() => Text;
}
