using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>One round of a node's work, in the reference engine's terms.</summary>
internal sealed class NodeReady
{
    public bool MustSync { get; set; }

    public SoftStateLine? SoftState { get; set; }

    public HardStateLine? HardState { get; set; }

    public ValueList<ScriptEntry> Entries { get; set; } = ValueList<ScriptEntry>.Empty;

    public ScriptSnapshot? Snapshot { get; set; }

    public ValueList<ScriptEntry> Committed { get; set; } = ValueList<ScriptEntry>.Empty;

    /// <summary>What leaves with it.</summary>
    public List<Envelope> Messages { get; } = [];

    /// <summary>Asynchronous writes: the work that the node's threads got, as the messages to them are shown.</summary>
    public List<ScriptMessage> ThreadWork { get; } = [];

    /// <summary>Nothing to be done.</summary>
    public bool IsEmpty =>
        SoftState is null && HardState is null && Entries.Count == 0 && Snapshot is null && Committed.Count == 0 && Messages.Count == 0 && ThreadWork.Count == 0;

    public void WriteTo(TranscriptWriter transcript)
    {
        if (IsEmpty)
        {
            transcript.Write(new TextLine(TextLine.EmptyReady));
            return;
        }

        transcript.Write(new ReadyLine(MustSync));
        if (SoftState is not null)
            transcript.Write(SoftState);
        if (HardState is not null)
            transcript.Write(HardState);
        WriteEntries(transcript, SectionLine.Entries, Entries);
        if (Snapshot is not null)
            transcript.Write(new SnapshotLine(Snapshot));
        WriteEntries(transcript, SectionLine.CommittedEntries, Committed);
        if (Messages.Count == 0 && ThreadWork.Count == 0)
            return;
        transcript.Write(new SectionLine(SectionLine.Messages));
        foreach (ScriptMessage message in Messages.Select(m => m.Shown).Concat(ThreadWork))
            transcript.Write(new MessageLine(message));
    }

    private static void WriteEntries(TranscriptWriter transcript, string title, ValueList<ScriptEntry> entries)
    {
        if (entries.Count == 0)
            return;
        transcript.Write(new SectionLine(title));
        foreach (ScriptEntry entry in entries)
            transcript.Write(new EntryLine(entry));
    }
}
