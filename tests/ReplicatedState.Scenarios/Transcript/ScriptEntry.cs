namespace ReplicatedState.Scenarios.Transcript;

/// <summary>A log entry as a transcript names it.</summary>
/// <param name="Kind">EntryNormal, EntryConfChange or EntryConfChangeV2.</param>
/// <param name="Payload">What follows the kind, quotes included.</param>
internal sealed record ScriptEntry(ulong Term, ulong Index, string Kind, string Payload)
{
    public override string ToString() => $"{Term}/{Index} {Kind} {Payload}";
}
