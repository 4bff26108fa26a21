using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>Something on its way to a node: how it is shown, and what its arrival does.</summary>
internal sealed record Envelope(ulong To, ScriptMessage Shown, Action<ScenarioNode> Arrive)
{
    /// <summary>From the node's own disk or state machine: never lost.</summary>
    public bool IsLocal => Shown.IsOwnAcknowledgement || Shown.From == ScriptMessage.ApplyThread;
}
