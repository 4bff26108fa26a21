namespace ReplicatedState.Scenarios.Transcript;

/// <summary>A snapshot as a transcript names it: where it stands, and who the members were.</summary>
internal sealed record ScriptSnapshot(
    ulong Index,
    ulong Term,
    ValueList<string> Voters,
    ValueList<string> OutgoingVoters,
    ValueList<string> Learners,
    ValueList<string> LearnersNext,
    bool AutoLeave)
{
    public override string ToString() => $"Index:{Index} Term:{Term} Voters:[{Voters}] VotersOutgoing:[{OutgoingVoters}] Learners:[{Learners}]";
}
